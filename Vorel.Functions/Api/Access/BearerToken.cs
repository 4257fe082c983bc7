namespace Vorel.Functions.Api.Access;

/// <summary>Takes the token out of the one place where it may stand. A key in the query is never looked at.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token, or an empty one, which no credential matches.</summary>
    public static string Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..] : "";
}
