using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;

namespace Vorel.Core.Tests.Security.Envelopes;

[Trait("Area", "hostile")]
public sealed class LocalEnvelopeProtectorTests
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("{\"token\":\"sécret\"}");

    // Computed with Node's crypto, not with this code: see known-answers.mjs.
    private const string KnownAnswer =
        "0101000865303639383830350020404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f80818283848586"
        + "8788898a8b0dd1a9fa20fb953234372cc8afd8bc037a8ace578cc00675f8ff648254554c7b69d682";

    private readonly LocalEnvelopeProtector _protector = new(TestSecrets.Root());

    [Fact]
    public async Task Matches_the_known_answer_with_fixed_salt_and_nonce()
    {
        var random = TestSecrets.Scripted(TestSecrets.Counting(32, 0x40), TestSecrets.Counting(12, 0x80));
        var protector = new LocalEnvelopeProtector(TestSecrets.Root(), random);

        var envelope = await protector.Protect(Plaintext, TestSecrets.Scope, CancellationToken.None);

        Assert.Equal(KnownAnswer, Convert.ToHexStringLower(envelope));
    }

    [Fact]
    public async Task Opens_the_known_answer()
    {
        Assert.Equal(Plaintext, await Open(Convert.FromHexString(KnownAnswer)));
        Assert.Equal("e0698805", _protector.KeyId);
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
    public void Refuses_arbitrary_bytes_without_any_other_exception() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            byte[][] candidates = [bytes, [1, 1, .. bytes], [1, 2, .. bytes], [1, 1, 0, 8, .. "e0698805"u8, .. bytes]];
            return candidates.All(candidate =>
            {
                try
                {
                    _protector.Unprotect(candidate, TestSecrets.Scope, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                    return false;
                }
                catch (EnvelopeException)
                {
                    return true;
                }
            });
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(TestSecrets.ForeignScopes), MemberType = typeof(TestSecrets))]
    public async Task Refuses_an_envelope_moved_to_another_scope(EnvelopeScope foreign)
    {
        var envelope = await Seal(Plaintext);
        await Assert.ThrowsAsync<EnvelopeException>(async () => await _protector.Unprotect(envelope, foreign, CancellationToken.None));
    }

    [Fact]
    public async Task Refuses_the_root_of_another_environment_and_names_the_setting()
    {
        var other = new LocalEnvelopeProtector(TestSecrets.Root(first: 1));
        var envelope = await Seal(Plaintext);

        var exception = await Assert.ThrowsAsync<EnvelopeException>(
            async () => await other.Unprotect(envelope, TestSecrets.Scope, CancellationToken.None));

        Assert.Contains(LocalEnvelopeProtector.SettingName, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_another_root_even_when_the_key_id_is_rewritten_to_match()
    {
        var other = new LocalEnvelopeProtector(TestSecrets.Root(first: 1));
        var envelope = await Seal(Plaintext);
        Encoding.ASCII.GetBytes(other.KeyId).CopyTo(envelope.AsSpan(4));

        await Assert.ThrowsAsync<EnvelopeException>(async () => await other.Unprotect(envelope, TestSecrets.Scope, CancellationToken.None));
    }

    [Fact]
    public async Task Says_that_no_Key_Vault_is_configured_when_it_meets_a_kms_envelope()
    {
        byte[] kms = [1, 2, 0, 3, .. "kek"u8, 0, 4, 9, 9, 9, 9, .. new byte[40]];

        var exception = await Assert.ThrowsAsync<EnvelopeException>(() => Open(kms));

        Assert.Contains("no Key Vault is configured", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uses_a_fresh_salt_and_nonce_for_every_envelope() => await AssertFreshness(_protector);

    [Fact]
    public async Task The_freshness_check_itself_fails_for_a_random_source_that_repeats() =>
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
            () => AssertFreshness(new LocalEnvelopeProtector(TestSecrets.Root(), TestSecrets.Repeating)));

    [Fact]
    public async Task Never_shows_the_plaintext_in_the_envelope() =>
        Assert.DoesNotContain("token", Encoding.Latin1.GetString(await Seal(Plaintext)), StringComparison.Ordinal);

    private static async Task AssertFreshness(LocalEnvelopeProtector protector)
    {
        var salts = new HashSet<string>(StringComparer.Ordinal);
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            var envelope = await protector.Protect(Plaintext, TestSecrets.Scope, CancellationToken.None);
            Assert.True(salts.Add(Convert.ToHexString(envelope, 14, 32)), "A salt came twice.");
            Assert.True(nonces.Add(Convert.ToHexString(envelope, 46, 12)), "A nonce came twice.");
        }
    }

    private async Task<byte[]> Seal(byte[] plaintext) => await _protector.Protect(plaintext, TestSecrets.Scope, CancellationToken.None);

    private async Task<byte[]> Open(byte[] envelope) => await _protector.Unprotect(envelope, TestSecrets.Scope, CancellationToken.None);
}
