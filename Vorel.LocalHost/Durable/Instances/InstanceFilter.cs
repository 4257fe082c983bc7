using Vorel.Azure.Tables;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>Which instances are meant; what is not given does not matter.</summary>
internal sealed record InstanceFilter
{
    /// <summary>Created at this time or later, by the domain clock.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Created at this time or earlier.</summary>
    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>In one of these states; none is any.</summary>
    public IReadOnlyCollection<OrchestrationStatus> Statuses { get; init; } = [];

    /// <summary>The beginning of the id, with its letters' case.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The table's own filter for those after the partition <paramref name="after"/>, all parts but the first joined by "and".</summary>
    public TableFilter Of(string? after)
    {
        TableFilter filter = $"{HubKeys.OnlyInstances}";
        if (Prefix.Length > 0)
        {
            var prefix = HubKeys.Partition(Prefix);
            filter = $"{filter} and PartitionKey ge {prefix} and PartitionKey lt {HubKeys.After(prefix)}";
        }

        if (after is not null)
        {
            filter = $"{filter} and PartitionKey gt {after}";
        }

        if (CreatedFrom is { } from)
        {
            filter = $"{filter} and created_at ge {from}";
        }

        if (CreatedTo is { } to)
        {
            filter = $"{filter} and created_at le {to}";
        }

        return Statuses.Count == 0 ? filter : $"{filter} and {Either()}";
    }

    private TableFilter Either()
    {
        TableFilter either = default;
        foreach (var status in Statuses.Distinct())
        {
            TableFilter one = $"status eq {status.ToString()}";
            either = either.ToString().Length == 0 ? one : $"{either} or {one}";
        }

        return either;
    }
}
