namespace Vorel.Core.Records;

/// <summary>A page of a list, newest first or as the kind has it.</summary>
/// <param name="Records">At most the limit asked for.</param>
/// <param name="NextCursor">Where to go on if there are more, else null. Opaque: the last record's id, and its place if the list is sorted by a moment.</param>
public sealed record RecordPage(IReadOnlyList<RecordRow> Records, string? NextCursor)
{
    /// <summary>Whether there are more.</summary>
    public bool HasMore => NextCursor is not null;
}
