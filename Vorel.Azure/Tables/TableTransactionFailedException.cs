using Azure;

namespace Vorel.Azure.Tables;

/// <summary>A transaction was refused as a whole; nothing of it was written.</summary>
public sealed class TableTransactionFailedException : RequestFailedException
{
    internal TableTransactionFailedException(int status, string? errorCode, int? failedIndex)
        : base(status, $"The transaction was refused at action {failedIndex?.ToString() ?? "?"}: {status} {errorCode}.", errorCode, innerException: null) =>
        FailedTransactionActionIndex = failedIndex;

    /// <summary>The position, from 0, of the action that failed, if the service named one.</summary>
    public int? FailedTransactionActionIndex { get; }
}
