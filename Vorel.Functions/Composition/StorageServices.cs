using Vorel.Azure.Queues;
using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Composition;

/// <summary>The stores.</summary>
internal static class StorageServices
{
    public static void AddStorage(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton<IRowStore>(_ => new TableRowStore(new TableServiceClient(settings.StorageConnection)));
        services.AddSingleton<IWorkQueue>(_ => new StorageWorkQueue(new QueueServiceClient(settings.StorageConnection)));
    }
}
