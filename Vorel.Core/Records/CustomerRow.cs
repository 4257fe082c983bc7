namespace Vorel.Core.Records;

/// <summary>A customer.</summary>
[DataClass(DataClass.CustomerContent, 30, "0003")]
public sealed record CustomerRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Customer;
}
