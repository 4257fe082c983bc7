using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>A mutant that sees one thing wrong in what is stored.</summary>
internal abstract class ChangedRows : Mutant
{
    public override IRowStore Store(IRowStore store) => new ChangedStore(store, static (_, write) => write, Show);

    /// <summary>What is seen of a row.</summary>
    protected abstract Row Show(string table, Row row);

    /// <summary>The same row with one column changed, or without it.</summary>
    protected static Row With(Row row, string column, object? value)
    {
        var columns = row.Columns.Where(entry => entry.Key != column).ToDictionary();
        if (value is not null)
        {
            columns[column] = value;
        }

        return row with { Columns = columns };
    }
}

/// <summary>A subscription that was disabled is sent to all the same.</summary>
internal sealed class IgnoresDisabled : ChangedRows
{
    protected override Row Show(string table, Row row) => table == "WebhookSubscriptions" ? With(row, "disabled_reason", null) : row;
}

/// <summary>Subscriptions are sent events that they do not name.</summary>
internal sealed class SendsEverything : ChangedRows
{
    protected override Row Show(string table, Row row) =>
        table == "WebhookSubscriptions" ? With(row, "events", "conversation.created lead.created lead.updated lead.qualified") : row;
}

/// <summary>A tombstone is old as soon as it is there.</summary>
internal sealed class DigsUp : ChangedRows
{
    protected override Row Show(string table, Row row) =>
        row.Columns.GetValueOrDefault("buried_at") is DateTimeOffset at ? With(row, "buried_at", at - TimeSpan.FromMinutes(10)) : row;
}

/// <summary>A claim that stands is taken for one that ran out.</summary>
internal sealed class GrabsClaims : ChangedRows
{
    protected override Row Show(string table, Row row) =>
        row.Columns.GetValueOrDefault("claimed_at") is DateTimeOffset at ? With(row, "claimed_at", at - TimeSpan.FromSeconds(10)) : row;
}
