using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Stores;

[Collection(AzuriteCollection.Name)]
public sealed class TableRowStoreTests(AzuriteFixture azurite) : StoreContract
{
    protected override IRowStore Store { get; } = new TableRowStore(new TableServiceClient(azurite.ConnectionString));
}
