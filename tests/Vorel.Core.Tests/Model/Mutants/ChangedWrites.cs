using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>A mutant that is a store with one thing wrong.</summary>
internal abstract class ChangedWrites : Mutant
{
    public override IRowStore Store(IRowStore store) => new ChangedStore(store, Change, static (_, row) => row);

    /// <summary>What becomes of a write; null when it is left out.</summary>
    protected abstract RowWrite? Change(string table, RowWrite write);

    /// <summary>The same write with one column changed, or without it.</summary>
    protected static RowWrite With(RowWrite.Replace write, string column, object? value)
    {
        var columns = write.Columns.Where(entry => entry.Key != column).ToDictionary();
        if (value is not null)
        {
            columns[column] = value;
        }

        return write with { Columns = columns };
    }

    protected static bool IsDelivery(string table) => table.StartsWith("WebhookDeliveries", StringComparison.Ordinal);
}

/// <summary>Buries nothing: a write that comes late is let in.</summary>
internal sealed class LosesTombstones : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        write is RowWrite.Insert { Columns: var columns } && columns.GetValueOrDefault("state") is "tombstone" ? null : write;
}

/// <summary>A claim moves the ladder on, as if it were an attempt.</summary>
internal sealed class CountsClaims : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        IsDelivery(table) && write is RowWrite.Replace replace && replace.Columns["state"] is "attempting"
            ? With(replace, "next_rung", (long)replace.Columns["next_rung"] + 1)
            : write;
}

/// <summary>Deliveries are written over whatever has become of them: claims exclude nobody, and activities that run twice both count.</summary>
internal sealed class ForgetsVersions : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) => IsDelivery(table) && write is RowWrite.Replace replace ? replace with { ETag = "*" } : write;
}

/// <summary>An attempt that failed is repeated a second too early.</summary>
internal sealed class Hurries : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        IsDelivery(table) && write is RowWrite.Replace replace && replace.Columns["state"] is "pending"
            ? With(replace, "next_attempt_at", (DateTimeOffset)replace.Columns["next_attempt_at"] - TimeSpan.FromSeconds(1))
            : write;
}

/// <summary>Nothing is filed as due: what is lost is looked for by nobody.</summary>
internal sealed class FilesNoHints : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) => table == "Due" ? null : write;
}

/// <summary>A 410 is recorded and leads to nothing.</summary>
internal sealed class DisablesNothing : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        table == "WebhookSubscriptions" && write is RowWrite.Replace replace && replace.Columns.GetValueOrDefault("disabled_reason") is "gone"
            ? With(replace, "disabled_reason", null)
            : write;
}

/// <summary>What a key was used for is not remembered.</summary>
internal sealed class ForgetsKeys : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) => write.Key.StartsWith("idem|", StringComparison.Ordinal) ? null : write;
}

/// <summary>A fan-out forgets that there is a CRM to write to as well.</summary>
internal sealed class SkipsTheMirror : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        write is RowWrite.Insert insert && insert.Columns.GetValueOrDefault("state") is "live"
            ? insert with { Columns = insert.Columns.Select(entry => entry.Key == "legs" ? new(entry.Key, (long)entry.Value | 2) : entry).ToDictionary() }
            : write;
}
