namespace Vorel.Core.Records;

/// <summary>A case.</summary>
[DataClass(DataClass.CustomerContent, 90, "0003")]
public sealed record CaseRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Case;
}
