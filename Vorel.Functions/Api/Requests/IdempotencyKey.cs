using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.Requests;

/// <summary>The <c>Idempotency-Key</c> header: the same key with the same request has its effect once.</summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private const int Longest = 255;

    /// <summary>The key, or null when there is none.</summary>
    /// <exception cref="RefusedException">400: it is empty, too long, or not of visible ASCII characters.</exception>
    public static string? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        return values is [{ Length: > 0 and <= Longest } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw new RefusedException(Problem.Invalid(new ProblemError(Header, $"must be 1 to {Longest} visible ASCII characters")));
    }
}
