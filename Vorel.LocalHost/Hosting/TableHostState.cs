using Vorel.Azure.Tables;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Hosting;

/// <summary>Keeps the host's state in table LocalHostState of AzureWebJobsStorage, so that it lives and dies with the data it goes with.</summary>
internal sealed class TableHostState(AppSettings settings) : IHostState
{
    public const string Table = "LocalHostState";

    private const string Partition = "state";
    private const string Column = "Json";
    private readonly TableClient _table = new TableServiceClient(settings.Connection(null)).GetTableClient(Table);
    private volatile bool _exists;

    public async Task<string?> Load(string key, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync(Partition, key, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } ? row.GetString(Column) : null;

    public async Task Save(string key, string json, CancellationToken cancellationToken)
    {
        if (!_exists)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            _exists = true;
        }

        await _table.UpsertEntityAsync(new TableEntity(Partition, key) { [Column] = json }, TableUpdateMode.Replace, cancellationToken);
    }
}
