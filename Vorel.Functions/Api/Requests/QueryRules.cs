using System.Buffers;
using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.Requests;

/// <summary>The query of a request, of which every parameter must be known and stand once.</summary>
internal static class QueryRules
{
    private const int LongestEchoedName = 40;
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>Refuses every parameter that is not among <paramref name="known"/>, and any that stands twice.</summary>
    /// <exception cref="RefusedException">400.</exception>
    public static void Check(HttpRequest request, params ReadOnlySpan<string> known)
    {
        var errors = new List<ProblemError>();
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name))
            {
                errors.Add(new ProblemError(Echo(name), "is not a parameter of this call"));
            }
            else if (values.Count != 1)
            {
                errors.Add(new ProblemError(Echo(name), "stands more than once"));
            }
        }

        if (errors.Count > 0)
        {
            throw new RefusedException(Problem.Invalid(errors));
        }
    }

    private static string Echo(string name) =>
        name.Length <= LongestEchoedName && !name.AsSpan().ContainsAnyExcept(s_nameCharacters) ? "?" + name : "?";
}
