namespace Vorel.Fakes.HubSpot;

/// <summary>A request that came.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, as it was on the wire.</param>
/// <param name="Query">Its query with the question mark, or nothing.</param>
/// <param name="Body">Its body.</param>
/// <param name="Token">The bearer token, if it had one.</param>
public sealed record HubSpotRequest(string Method, string Path, string Query, string Body, string? Token)
{
    /// <summary>Method and path.</summary>
    public string Route => $"{Method} {Path}";

    /// <summary>The same without the token that stands in some paths.</summary>
    public string SafeRoute => Path.StartsWith("/oauth/v1/", StringComparison.Ordinal) && Path.LastIndexOf("-tokens/", StringComparison.Ordinal) is > 0 and var at
        ? $"{Method} {Path[..at]}-tokens/…"
        : Route;

    /// <summary>The status of the answer; null as long as there is none, and where none was given.</summary>
    public int? Status { get; internal set; }

    /// <summary>Without body and token: a failed test prints this.</summary>
    public override string ToString() => $"{SafeRoute} {Status}";
}
