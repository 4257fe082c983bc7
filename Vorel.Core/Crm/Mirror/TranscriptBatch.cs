using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Messages of one conversation that go to the CRM in one write: from the first that it is owed to the one that was fixed before the first attempt.</summary>
/// <param name="Debt">The todo row of the first message, which says how far the batch goes and how its attempts went.</param>
/// <param name="Messages">What is there of it, oldest first; at least one.</param>
internal sealed record TranscriptBatch(Stored<TodoRow> Debt, IReadOnlyList<MessageRow> Messages)
{
    /// <summary>The number of the first message.</summary>
    public long First => Debt.Row.Version;

    /// <summary>The number of the last message.</summary>
    public long Last => Debt.Row.Until!.Value;

    /// <summary>The key under which the CRM gets it: the same for the same messages, however often.</summary>
    public string Key => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Debt.Row.Record:D}:{First}-{Last}");
}
