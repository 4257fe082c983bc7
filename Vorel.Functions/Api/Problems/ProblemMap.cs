using Vorel.Core.Errors;
using Vorel.Core.Storage;

namespace Vorel.Functions.Api.Problems;

/// <summary>The one place where a failure becomes an answer. What is not listed is ours to explain, in the log, not to the caller.</summary>
internal static class ProblemMap
{
    private static readonly Dictionary<string, Problem> s_byCode = new(StringComparer.Ordinal)
    {
        [ProblemCodes.ValidationError] = Problem.Validation,
        [ProblemCodes.NotFound] = Problem.NotFound,
        [ProblemCodes.Conflict] = Problem.Conflict,
        [ProblemCodes.IdempotencyConflict] = Problem.IdempotencyConflict,
        [ProblemCodes.Unavailable] = Problem.Unavailable,
    };

    /// <summary>The answer to <paramref name="exception"/>.</summary>
    public static Problem Of(Exception exception) => exception switch
    {
        RefusedException refused => refused.Problem,
        ValidationException invalid => Problem.Invalid([.. invalid.Errors.Select(error => new ProblemError(error.Pointer, error.Message))]),
        UnavailableException unavailable => Problem.Unavailable with { RetryAfter = unavailable.RetryAfter },
        ProblemException problem => (s_byCode.GetValueOrDefault(problem.Code) ?? Problem.Internal) with { Detail = problem.Message },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Problem.RequestTimeout,
        BadHttpRequestException => Problem.Validation,
        StoreUnavailableException or TimeoutException => Problem.Unavailable,
        _ => Problem.Internal,
    };
}
