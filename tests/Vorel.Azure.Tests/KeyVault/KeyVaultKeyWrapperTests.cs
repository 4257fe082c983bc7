using Vorel.Azure.KeyVault;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Azure.Tests.KeyVault;

/// <summary>The contract over the stand-in for Key Vault, and what is this wrapper's own.</summary>
public sealed class KeyVaultKeyWrapperTests : KeyWrapperContract, IAsyncLifetime
{
    private readonly VaultStage _stage = new();
    private readonly FakeTimeProvider _time = new();
    private KeyVaultKeyWrapper _wrapper = null!;

    protected override IKeyWrapper Wrapper => _wrapper;

    public async Task InitializeAsync()
    {
        await _stage.Vault.Start();
        _wrapper = NewWrapper($"{_stage.Vault.Address}keys/{VaultStage.Name}");
    }

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task The_newest_version_is_looked_up_every_five_minutes()
    {
        var first = AddVersion();
        await Wrapper.Wrap(new byte[32], default);
        var second = _stage.IdOf(_stage.Vault.Keys.Add(VaultStage.Name));
        _time.Advance(KeyVaultKeyWrapper.VersionLife - TimeSpan.FromTicks(1));
        Assert.Equal(first, (await Wrapper.Wrap(new byte[32], default)).KeyId);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(second, (await Wrapper.Wrap(new byte[32], default)).KeyId);
        Assert.Equal(2, _stage.Vault.Count(VaultStage.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_that_has_just_gone_is_not_believed_for_the_rest_of_its_minutes(bool isDisabled)
    {
        var first = AddVersion();
        await Wrapper.Wrap(new byte[32], default);
        var second = _stage.IdOf(_stage.Vault.Keys.Add(VaultStage.Name));
        (isDisabled ? (Action<string>)Disable : Delete)(first);

        Assert.Equal(second, (await Wrapper.Wrap(new byte[32], default)).KeyId);
    }

    [Fact]
    public async Task A_version_that_is_named_is_the_one_that_is_wrapped_with()
    {
        var first = AddVersion();
        AddVersion();
        var wrapper = NewWrapper(first);

        Assert.Equal(first, (await wrapper.Wrap(new byte[32], default)).KeyId);
        Assert.Equal(0, _stage.Vault.Count(VaultStage.Name));
        Disable(first);
        await Assert.ThrowsAsync<EnvelopeException>(() => wrapper.Wrap(new byte[32], default));
    }

    [Fact]
    public async Task A_refused_identity_is_told_apart_from_an_outage()
    {
        AddVersion();
        await Wrapper.Wrap(new byte[32], default);
        _stage.Vault.Standing = VaultFault.Answer(403);

        Assert.Equal(EnvelopeFault.KeyRefused, (await Assert.ThrowsAsync<EnvelopeException>(() => Wrapper.Wrap(new byte[32], default))).Fault);

        _stage.Vault.Standing = null;
        _stage.Tokens.Failure = new InvalidOperationException("no identity here");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => NewWrapper($"{_stage.Vault.Address}keys/{VaultStage.Name}").Wrap(new byte[32], default));
    }

    [Fact]
    public async Task Two_hundred_opens_of_one_row_are_one_call_to_the_vault()
    {
        AddVersion();
        using var protector = new KmsEnvelopeProtector(Wrapper, _time);
        var scope = new EnvelopeScope(Core.Tenants.TenantId.New(TimeProvider.System), "TenantCredentials", "hubspot", "1");
        var envelope = await protector.Protect("secret"u8.ToArray(), scope, default);
        var gate = new TaskCompletionSource();
        _stage.Vault.Gate = gate.Task;
        var opens = Enumerable.Range(0, 200).Select(_ => Task.Run(() => protector.Unprotect(envelope, scope, default).AsTask())).ToList();
        await Eventually.True(() => _stage.Vault.Open == 1, "the vault is asked");
        gate.SetResult();

        Assert.All(await Task.WhenAll(opens), plaintext => Assert.Equal("secret"u8.ToArray(), plaintext));
        Assert.Equal(1, _stage.Vault.Count("unwrapkey"));
    }

    protected override string AddVersion()
    {
        _time.Advance(KeyVaultKeyWrapper.VersionLife);
        return _stage.IdOf(_stage.Vault.Keys.Add(VaultStage.Name));
    }

    protected override void Disable(string keyId) => _stage.Vault.Keys.Enable(VaultStage.Name, keyId.Split('/')[^1], enabled: false);

    protected override void Delete(string keyId) => _stage.Vault.Keys.Delete(VaultStage.Name, keyId.Split('/')[^1]);

    protected override void Break() => _stage.Vault.Standing = VaultFault.Answer(503);

    private KeyVaultKeyWrapper NewWrapper(string key)
    {
        Assert.True(KeyVaultKeyIdentifier.TryParse(key, allowLoopback: true, out var identifier));
        return new KeyVaultKeyWrapper(_stage.Keys(), identifier, _time);
    }
}
