using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Security.Envelopes;

/// <summary>Both kinds side by side: each envelope is opened by what it is, and never by the other for want of that.</summary>
[Trait("Area", "hostile")]
public sealed class EnvelopeProtectorTests : IDisposable
{
    private static readonly byte[] s_plaintext = "secret"u8.ToArray();

    private readonly InMemoryKeyWrapper _wrapper = new();
    private readonly LocalEnvelopeProtector _local = new(TestSecrets.Root());
    private readonly KmsEnvelopeProtector _kms;

    public EnvelopeProtectorTests() => _kms = new KmsEnvelopeProtector(_wrapper, new FakeTimeProvider());

    public void Dispose() => _kms.Dispose();

    [Fact]
    public async Task Seals_with_the_vault_where_there_is_one_and_opens_both()
    {
        var both = new EnvelopeProtector(_local, _kms);
        var (old, fresh) = (await Seal(new EnvelopeProtector(_local, null)), await Seal(both));

        Assert.Equal((1, 2), (old[1], fresh[1]));
        Assert.Equal(s_plaintext, await Open(both, old));
        Assert.Equal(s_plaintext, await Open(both, fresh));
        Assert.Equal($"local:{_local.KeyId}", EnvelopeProtector.KeyIdOf(old));
        Assert.Equal(await both.CurrentKeyId(default), EnvelopeProtector.KeyIdOf(fresh));
        Assert.Equal($"local:{_local.KeyId}", await new EnvelopeProtector(_local, null).CurrentKeyId(default));
    }

    [Fact]
    public async Task A_kind_that_nothing_is_configured_for_is_said_to_be_that()
    {
        var (local, kms) = (await Seal(new EnvelopeProtector(_local, null)), await Seal(new EnvelopeProtector(null, _kms)));

        await Refuses(EnvelopeFault.NotConfigured, new EnvelopeProtector(null, _kms), local);
        await Refuses(EnvelopeFault.NotConfigured, new EnvelopeProtector(_local, null), kms);
        Assert.Throws<ArgumentException>(() => new EnvelopeProtector(null, null));
    }

    [Fact]
    public async Task Nothing_falls_back_when_the_vault_fails()
    {
        var both = new EnvelopeProtector(_local, _kms);
        var keyId = _wrapper.AddVersion();
        var envelope = await Seal(both);
        _wrapper.Enable(keyId, enabled: false);

        await Refuses(EnvelopeFault.KeyDisabled, both, envelope);
        await Assert.ThrowsAsync<EnvelopeException>(() => Seal(both));
    }

    [Fact]
    public async Task An_envelope_that_is_said_to_be_of_the_other_kind_does_not_open()
    {
        var both = new EnvelopeProtector(_local, _kms);
        foreach (var envelope in new[] { await Seal(new EnvelopeProtector(_local, null)), await Seal(both) })
        {
            envelope[1] ^= 3;
            await Assert.ThrowsAsync<EnvelopeException>(() => Open(both, envelope));
        }
    }

    private static async Task<byte[]> Seal(EnvelopeProtector protector) => await protector.Protect(s_plaintext, TestSecrets.Scope, default);

    private static async Task<byte[]> Open(EnvelopeProtector protector, byte[] envelope) => await protector.Unprotect(envelope, TestSecrets.Scope, default);

    private static async Task Refuses(EnvelopeFault fault, EnvelopeProtector protector, byte[] envelope) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<EnvelopeException>(() => Open(protector, envelope))).Fault);
}
