using System.Text;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>One request exactly as it came over the wire.</summary>
internal sealed record RawRequest(string Head, byte[] RawBody, byte[] Body)
{
    public string Line => Head[..Head.IndexOf('\r', StringComparison.Ordinal)];

    public string Target => Line.Split(' ')[1];

    public string Text => Encoding.UTF8.GetString(Body);

    public IReadOnlyList<string> HeaderLines => Head.Split("\r\n")[1..];

    public IReadOnlyList<string> Values(string name) =>
        [.. HeaderLines.Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];

    public string? Value(string name) => Values(name) is [var only, ..] ? only : null;
}
