namespace Vorel.LocalHost.Durable.Storage;

/// <summary>A row as read.</summary>
internal sealed record HubRow(string PartitionKey, string RowKey, IReadOnlyDictionary<string, object> Columns);
