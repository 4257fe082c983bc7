using System.Globalization;
using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.Requests;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Limit">1 to 100.</param>
/// <param name="Cursor">What the last page named, or null for the first.</param>
internal sealed record PageQuery(int Limit, string? Cursor)
{
    private const int Standard = 25;
    private const int Most = 100;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>, beside which the query may have what <paramref name="others"/> name.</summary>
    /// <exception cref="RefusedException">400.</exception>
    public static PageQuery Read(HttpRequest request, params ReadOnlySpan<string> others)
    {
        QueryRules.Check(request, ["limit", "cursor", .. others]);
        var limit = Standard;
        if (request.Query.TryGetValue("limit", out var text) && !IsNumber(text.ToString(), out limit))
        {
            throw new RefusedException(Problem.Invalid(new ProblemError("?limit", $"must be a number from 1 to {Most}")));
        }

        return new PageQuery(limit, request.Query.TryGetValue("cursor", out var cursor) ? cursor.ToString() : null);
    }

    // The platform's parser also takes a number with U+0000 behind it.
    private static bool IsNumber(string text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= Most && text.All(char.IsAsciiDigit);
}
