using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Stores;

public sealed class InMemoryRowStoreTests : StoreContract
{
    protected override IRowStore Store { get; } = new InMemoryRowStore();
}
