using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Azure.Tests.KeyVault;

public sealed class InMemoryKeyWrapperTests : KeyWrapperContract
{
    private readonly InMemoryKeyWrapper _wrapper = new();

    protected override IKeyWrapper Wrapper => _wrapper;

    protected override string AddVersion() => _wrapper.AddVersion();

    protected override void Disable(string keyId) => _wrapper.Enable(keyId, enabled: false);

    protected override void Delete(string keyId) => _wrapper.Delete(keyId);

    protected override void Break() => _wrapper.Fault = () => new StoreUnavailableException("scripted");
}
