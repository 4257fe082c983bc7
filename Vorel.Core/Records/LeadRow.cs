namespace Vorel.Core.Records;

/// <summary>A lead.</summary>
[DataClass(DataClass.CustomerContent, 30, "0003")]
public sealed record LeadRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Lead;
}
