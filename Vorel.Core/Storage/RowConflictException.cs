namespace Vorel.Core.Storage;

/// <summary>A condition of a transaction did not hold; nothing of it was written.</summary>
/// <param name="index">The position of the write that failed.</param>
/// <param name="conflict">What did not hold.</param>
public sealed class RowConflictException(int index, RowConflict conflict, Exception? inner = null)
    : Exception($"Write {index} of the transaction was refused: {conflict}.", inner)
{
    /// <summary>The position, from 0, of the write that failed.</summary>
    public int Index { get; } = index;

    /// <summary>What did not hold.</summary>
    public RowConflict Conflict { get; } = conflict;
}

/// <summary>Why a conditional write was refused.</summary>
public enum RowConflict
{
    /// <summary>An insert found its key taken.</summary>
    AlreadyExists,

    /// <summary>The row has changed since it was read.</summary>
    Changed,

    /// <summary>The row to replace or delete is not there.</summary>
    NotFound,
}
