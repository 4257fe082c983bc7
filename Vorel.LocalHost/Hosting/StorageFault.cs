using Azure;

namespace Vorel.LocalHost.Hosting;

/// <summary>Tells what storage did wrong from what the host's own stop did.</summary>
internal static class StorageFault
{
    /// <summary>True for a refusal, and for a network that failed or took too long after all retries.</summary>
    public static bool Is(Exception error, CancellationToken stopping) =>
        error is RequestFailedException or AggregateException || (error is OperationCanceledException && !stopping.IsCancellationRequested);
}
