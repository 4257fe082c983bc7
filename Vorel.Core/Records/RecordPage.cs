namespace Vorel.Core.Records;

/// <summary>A page of a list, newest first.</summary>
/// <param name="Records">At most the limit asked for.</param>
/// <param name="NextCursor">The id of the last record if there are more, else null.</param>
public sealed record RecordPage(IReadOnlyList<RecordRow> Records, string? NextCursor)
{
    /// <summary>Whether there are more.</summary>
    public bool HasMore => NextCursor is not null;
}
