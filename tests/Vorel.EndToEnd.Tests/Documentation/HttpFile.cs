using System.Text.RegularExpressions;

namespace Vorel.EndToEnd.Tests.Documentation;

/// <summary>Reads a .http file: variables, requests separated by <c>###</c>, named with <c># @name</c>.</summary>
internal sealed partial class HttpFile
{
    private HttpFile(Dictionary<string, string> variables, IReadOnlyList<HttpFileRequest> requests)
    {
        Variables = variables;
        Requests = requests;
    }

    /// <summary>The file's own variables; a caller may replace them.</summary>
    public Dictionary<string, string> Variables { get; }

    public IReadOnlyList<HttpFileRequest> Requests { get; }

    public static HttpFile Parse(string text)
    {
        var parts = text.ReplaceLineEndings("\n").Split("\n###");
        var variables = VariableLine().Matches(parts[0]).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        return new HttpFile(variables, [.. parts.Skip(1).Select(ParseRequest)]);
    }

    private static HttpFileRequest ParseRequest(string part)
    {
        var (head, body) = part.Split("\n\n", 2) is [var first, var second] ? (first, second.Trim()) : (part, "");
        var lines = head.Trim().Split('\n');
        var title = TitleWithStatus().Match(lines[0]);
        Assert.True(title.Success, $"'{lines[0]}' does not end in ': status'.");
        var name = lines.FirstOrDefault(line => line.StartsWith("# @name ", StringComparison.Ordinal))?["# @name ".Length..];
        var rest = lines.Skip(1).Where(line => !line.StartsWith('#')).ToArray();
        var requestLine = rest[0].Split(' ', 2);
        var headers = rest.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var status = int.Parse(title.Groups["status"].Value);
        return new HttpFileRequest(title.Groups["title"].Value.Trim(), status, name, requestLine[0], requestLine[1], headers, body);
    }

    [GeneratedRegex(@"^@(?<name>\w+) = (?<value>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VariableLine();

    [GeneratedRegex(@"^(?<title>.+): (?<status>\d{3})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TitleWithStatus();
}

/// <summary>One request, its variables not yet filled in.</summary>
internal sealed record HttpFileRequest(
    string Title, int Status, string? Name, string Method, string Url, IReadOnlyDictionary<string, string> Headers, string Body);
