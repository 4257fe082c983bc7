using Vorel.Core.Crm;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>
/// What histories, the status API and logs are told of the domain's failures: the stable code and nothing else. Their
/// messages are ours, but nobody holds every one of them to what may stay in a history.
/// </summary>
internal static class FailureDescriptions
{
    /// <summary>The code of a failure of the domain; null for every other exception, of which only the type is told.</summary>
    public static ActivityFailure? Describe(Exception exception) => exception switch
    {
        CrmException crm => Of(exception, crm.Code.Wire(), crm.Retryable),
        StoreUnavailableException => Of(exception, "store_unavailable", retriable: true),
        ProblemException problem => Of(exception, problem.Code, retriable: problem.Code == ProblemCodes.Unavailable),
        _ => null,
    };

    private static ActivityFailure Of(Exception exception, string code, bool retriable) => new(exception.GetType().FullName!, code, retriable);
}
