using Azure;

namespace Vorel.Azure.Stores;

/// <summary>Tells an outage from a refusal.</summary>
internal static class StorageFaults
{
    /// <summary>
    /// Whether the service did not answer in time, could not be reached, shed the call or failed by itself. A cancellation that
    /// the caller asked for is none of these.
    /// </summary>
    public static bool IsOutage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        RequestFailedException { ErrorCode: "TableBeingDeleted" or "QueueBeingDeleted" } => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,

        // One per try. The caller's cancellation may have ended the last of them: what became of the others nobody knows any better for that.
        AggregateException several => several.InnerExceptions.All(inner => inner is OperationCanceledException || IsOutage(inner, cancellationToken)),
        _ => false,
    };
}
