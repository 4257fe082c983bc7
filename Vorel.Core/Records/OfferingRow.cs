using Vorel.Core.Outbox;

namespace Vorel.Core.Records;

/// <summary>An offering of the tenant's catalogue: kept, and hidden once it was deleted.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
public sealed record OfferingRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Offering;

    /// <summary>The CRM is owed none.</summary>
    internal override TodoRow? Debt => null;

    /// <summary>Whether it was deleted. It has no window.</summary>
    public override bool IsExpired(DateTimeOffset now) => Values.ContainsKey("deleted_at");
}
