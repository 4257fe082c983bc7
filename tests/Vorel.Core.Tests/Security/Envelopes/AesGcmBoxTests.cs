using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;

namespace Vorel.Core.Tests.Security.Envelopes;

public sealed class AesGcmBoxTests
{
    private static readonly byte[] Key = TestSecrets.Counting(32, 0xc0);
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("{\"token\":\"sécret\"}");

    [Fact]
    public void Matches_the_known_answer_with_a_fixed_nonce() =>
        // Computed with Node's crypto: see known-answers.mjs.
        Assert.Equal(
            "b1808182838485868788898a8b7e82a9b2097a78958b977e318c0dd00d0fd9843a08766f3af8307de9cab6b3a7da80d1",
            Convert.ToHexStringLower(AesGcmBox.Seal(Key, Plaintext, TestSecrets.Scope, TestSecrets.Scripted(TestSecrets.Counting(12, 0x80)))));

    [Fact]
    public void Opens_what_it_sealed_whatever_the_bytes() =>
        Prop.ForAll<byte[]>(bytes =>
            AesGcmBox.Open(Key, AesGcmBox.Seal(Key, bytes, TestSecrets.Scope), TestSecrets.Scope).AsSpan().SequenceEqual(bytes))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Refuses_flipped_cut_and_extended_boxes()
    {
        var box = AesGcmBox.Seal(Key, Plaintext, TestSecrets.Scope);
        for (var i = 0; i < box.Length; i++)
        {
            var changed = box.ToArray();
            changed[i] ^= 0x10;
            Assert.Throws<EnvelopeException>(() => AesGcmBox.Open(Key, changed, TestSecrets.Scope));
            Assert.Throws<EnvelopeException>(() => AesGcmBox.Open(Key, box.AsSpan(0, i), TestSecrets.Scope));
        }

        Assert.Throws<EnvelopeException>(() => AesGcmBox.Open(Key, [.. box, 0], TestSecrets.Scope));
    }

    [Theory]
    [MemberData(nameof(TestSecrets.ForeignScopes), MemberType = typeof(TestSecrets))]
    public void Refuses_a_box_moved_to_another_scope(EnvelopeScope foreign)
    {
        var box = AesGcmBox.Seal(Key, Plaintext, TestSecrets.Scope);
        Assert.Throws<EnvelopeException>(() => AesGcmBox.Open(Key, box, foreign));
    }

    [Fact]
    public void Refuses_another_key()
    {
        var box = AesGcmBox.Seal(Key, Plaintext, TestSecrets.Scope);
        Assert.Throws<EnvelopeException>(() => AesGcmBox.Open(TestSecrets.Counting(32, 0), box, TestSecrets.Scope));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void Takes_keys_of_32_bytes_only(int length) =>
        Assert.Throws<ArgumentException>(() => AesGcmBox.Seal(new byte[length], Plaintext, TestSecrets.Scope));

    [Fact]
    public void Uses_a_fresh_nonce_for_every_box() =>
        Assert.Equal(100, Enumerable.Range(0, 100)
            .Select(_ => Convert.ToHexString(AesGcmBox.Seal(Key, Plaintext, TestSecrets.Scope), 1, 12)).Distinct().Count());
}
