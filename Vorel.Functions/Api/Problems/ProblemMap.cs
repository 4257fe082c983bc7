using Vorel.Core.Storage;

namespace Vorel.Functions.Api.Problems;

/// <summary>The one place where a failure becomes an answer. What is not listed is ours to explain, in the log, not to the caller.</summary>
internal static class ProblemMap
{
    /// <summary>The answer to <paramref name="exception"/>.</summary>
    public static Problem Of(Exception exception) => exception switch
    {
        ProblemException refused => refused.Problem,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge,
        BadHttpRequestException => Problem.Validation,
        StoreUnavailableException or TimeoutException => Problem.Unavailable,
        _ => Problem.Internal,
    };
}
