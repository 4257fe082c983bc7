using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Security.Envelopes;

[Trait("Area", "hostile")]
public sealed class KmsEnvelopeProtectorTests : IDisposable
{
    private const string KnownKeyId = "https://vorel.vault.azure.net/keys/rows/0123456789abcdef0123456789abcdef";

    // Computed with Node's crypto, not with this code: see known-answers.mjs.
    private const string KnownAnswer =
        "0102004868747470733a2f2f766f72656c2e7661756c742e617a7572652e6e65742f6b6579732f726f77732f3031323334353637383961"
        + "62636465663031323334353637383961626364656601000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
        + "2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f5051525354555657"
        + "58595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e"
        + "8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5"
        + "c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfc"
        + "fdfeff00808182838485868788898a8b1cf5b56d2348cb3f0e7c742c237d53d6154aad1d69ce253d4fe5d15e0c5cb2ec11b6bb";

    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("{\"token\":\"sécret\"}");

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryKeyWrapper _wrapper = new();
    private readonly KmsEnvelopeProtector _protector;

    public KmsEnvelopeProtectorTests() => _protector = new KmsEnvelopeProtector(_wrapper, _time);

    public void Dispose() => _protector.Dispose();

    [Fact]
    public async Task Matches_the_known_answer_with_fixed_key_and_nonce()
    {
        var random = TestSecrets.Scripted(TestSecrets.Counting(32, 0xa0), TestSecrets.Counting(12, 0x80));
        using var protector = new KmsEnvelopeProtector(new KnownWrapper(), _time, random);

        Assert.Equal(KnownAnswer, Convert.ToHexStringLower(await protector.Protect(Plaintext, TestSecrets.Scope, default)));
    }

    [Fact]
    public async Task Opens_the_known_answer()
    {
        using var protector = new KmsEnvelopeProtector(new KnownWrapper(), _time);

        Assert.Equal(Plaintext, await protector.Unprotect(Convert.FromHexString(KnownAnswer), TestSecrets.Scope, default));
        Assert.Equal("kms:" + KnownKeyId, EnvelopeProtector.KeyIdOf(Convert.FromHexString(KnownAnswer)));
    }

    [Fact]
    public void Opens_what_it_sealed_whatever_the_bytes() =>
        Prop.ForAll<byte[]>(bytes => Open(Seal(bytes).Result).Result.AsSpan().SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Refuses_an_envelope_with_any_one_bit_flipped()
    {
        var envelope = await Seal(Plaintext);
        for (var bit = 0; bit < envelope.Length * 8; bit++)
        {
            var changed = envelope.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await Assert.ThrowsAsync<EnvelopeException>(() => Open(changed));
        }
    }

    [Fact]
    public async Task Refuses_every_truncation_from_either_end()
    {
        var envelope = await Seal(Plaintext);
        for (var length = 0; length < envelope.Length; length++)
        {
            await Assert.ThrowsAsync<EnvelopeException>(() => Open(envelope[..length]));
            await Assert.ThrowsAsync<EnvelopeException>(() => Open(envelope[^length..]));
        }
    }

    [Fact]
    public async Task Refuses_an_extended_envelope()
    {
        var envelope = await Seal(Plaintext);
        await Assert.ThrowsAsync<EnvelopeException>(() => Open([.. envelope, 0]));
        await Assert.ThrowsAsync<EnvelopeException>(() => Open([0, .. envelope]));
        await Assert.ThrowsAsync<EnvelopeException>(() => Open([.. envelope, .. envelope]));
    }

    [Fact]
    public void Refuses_arbitrary_bytes_without_any_other_exception_and_without_troubling_the_vault_where_it_need_not()
    {
        Prop.ForAll<byte[]>(bytes => new byte[][] { bytes, [1, 2, .. bytes], [1, 2, 0, 1, 0xff, 0, 1, 1, .. bytes], [1, 1, .. bytes] }.All(IsRefused))
            .QuickCheckThrowOnFailure();

        bool IsRefused(byte[] envelope)
        {
            try
            {
                Open(envelope).GetAwaiter().GetResult();
                return false;
            }
            catch (EnvelopeException)
            {
                return true;
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestSecrets.ForeignScopes), MemberType = typeof(TestSecrets))]
    public async Task Refuses_an_envelope_moved_to_another_scope(EnvelopeScope foreign)
    {
        var envelope = await Seal(Plaintext);
        await Assert.ThrowsAsync<EnvelopeException>(async () => await _protector.Unprotect(envelope, foreign, default));
        Assert.Equal(Plaintext, await Open(envelope));
    }

    [Fact]
    public async Task Refuses_the_wrapped_key_and_the_key_id_of_another_envelope()
    {
        var (first, second) = (await Seal(Plaintext), await Seal(Plaintext));
        _wrapper.AddVersion();
        var third = await Seal(Plaintext);
        var head = first.Length - Plaintext.Length - 28;

        await Assert.ThrowsAsync<EnvelopeException>(() => Open([.. first[..head], .. second[head..]]));
        await Assert.ThrowsAsync<EnvelopeException>(() => Open([.. third[..head], .. first[head..]]));

        // The id of the newer version before the key that the older one wrapped.
        var wrappedAt = head - 256;
        await Assert.ThrowsAsync<EnvelopeException>(() => Open([.. third[..wrappedAt], .. first[wrappedAt..]]));
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public async Task An_envelope_is_longer_than_its_text_by_what_the_documentation_says(int size)
    {
        using var protector = new KmsEnvelopeProtector(new InMemoryKeyWrapper(size: size), _time);
        var envelope = await protector.Protect(Plaintext, TestSecrets.Scope, default);
        var keyId = EnvelopeProtector.KeyIdOf(envelope)["kms:".Length..];

        Assert.Equal(6 + keyId.Length + (size / 8) + 12 + 16, envelope.Length - Plaintext.Length);
    }

    [Fact]
    public async Task A_version_that_is_gone_or_switched_off_is_named()
    {
        var envelope = await Seal(Plaintext);
        var keyId = EnvelopeProtector.KeyIdOf(envelope)["kms:".Length..];
        _wrapper.AddVersion();
        _wrapper.Enable(keyId, enabled: false);
        Assert.Equal((EnvelopeFault.KeyDisabled, keyId), await Refusal());

        _wrapper.Delete(keyId);
        Assert.Equal((EnvelopeFault.KeyNotFound, keyId), await Refusal());

        async Task<(EnvelopeFault Fault, string? KeyId)> Refusal()
        {
            var refused = await Assert.ThrowsAsync<EnvelopeException>(() => Open(envelope));
            return (refused.Fault, refused.KeyId);
        }
    }

    [Fact]
    public async Task A_vault_that_is_away_is_an_outage_and_no_envelope_is_made()
    {
        var envelope = await Seal(Plaintext);
        _wrapper.Fault = () => new StoreUnavailableException("scripted");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Seal(Plaintext));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(envelope));
        _wrapper.Fault = null;
        Assert.Equal(Plaintext, await Open(envelope));
    }

    [Fact]
    public async Task Opens_a_row_again_without_the_vault_for_five_minutes()
    {
        var envelope = await Seal(Plaintext);
        for (var i = 0; i < 10; i++)
        {
            await Open(envelope);
        }

        Assert.Equal(1, _wrapper.Unwraps);
        _time.Advance(TimeSpan.FromMinutes(5));
        await Open(envelope);
        Assert.Equal(2, _wrapper.Unwraps);
    }

    [Fact]
    public async Task Uses_a_fresh_key_and_nonce_for_every_envelope() => await AssertFreshness(Randomness.Secure);

    [Fact]
    public async Task The_freshness_check_itself_fails_for_a_random_source_that_repeats() =>
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => AssertFreshness(TestSecrets.Repeating));

    [Fact]
    public async Task The_freshness_check_itself_fails_where_only_the_key_or_only_the_nonce_repeats()
    {
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => AssertFreshness(buffer => Some(buffer, repeats: 32)));
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => AssertFreshness(buffer => Some(buffer, repeats: 12)));

        static void Some(Span<byte> buffer, int repeats)
        {
            if (buffer.Length == repeats)
            {
                TestSecrets.Repeating(buffer);
            }
            else
            {
                Randomness.Secure(buffer);
            }
        }
    }

    [Fact]
    public async Task Never_shows_the_plaintext_in_the_envelope() =>
        Assert.DoesNotContain("token", Encoding.Latin1.GetString(await Seal(Plaintext)), StringComparison.Ordinal);

    private async Task AssertFreshness(RandomFill random)
    {
        using var protector = new KmsEnvelopeProtector(_wrapper, _time, random);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            var envelope = await protector.Protect(Plaintext, TestSecrets.Scope, default);
            var head = envelope.Length - Plaintext.Length - 28;
            var wrapped = new WrappedKey(EnvelopeProtector.KeyIdOf(envelope)["kms:".Length..], envelope[(head - 256)..head]);
            Assert.True(keys.Add(Convert.ToHexString(await _wrapper.Unwrap(wrapped, default))), "A key came twice.");
            Assert.True(nonces.Add(Convert.ToHexString(envelope, head, 12)), "A nonce came twice.");
        }
    }

    private async Task<byte[]> Seal(byte[] plaintext) => await _protector.Protect(plaintext, TestSecrets.Scope, default);

    private async Task<byte[]> Open(byte[] envelope) => await _protector.Unprotect(envelope, TestSecrets.Scope, default);

    /// <summary>The wrapping of the known answer, which knows one key.</summary>
    private sealed class KnownWrapper : IKeyWrapper
    {
        private static readonly byte[] s_wrapped = TestSecrets.Counting(256, 1);

        public ValueTask<string> CurrentKeyId(CancellationToken cancellationToken) => new(KnownKeyId);

        public Task<WrappedKey> Wrap(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => Task.FromResult(new WrappedKey(KnownKeyId, s_wrapped));

        public Task<byte[]> Unwrap(WrappedKey wrapped, CancellationToken cancellationToken) =>
            wrapped.KeyId == KnownKeyId && wrapped.Bytes.AsSpan().SequenceEqual(s_wrapped)
                ? Task.FromResult(TestSecrets.Counting(32, 0xa0))
                : throw new EnvelopeException("not mine");
    }
}
