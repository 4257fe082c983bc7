using System.Text.Json.Nodes;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>One of the sandbox's two sides, and what it got.</summary>
/// <param name="sandbox">Where the sandbox is.</param>
/// <param name="path">Its side: <c>/sandbox/crm.json</c> or <c>/sandbox/inbox.json</c>.</param>
internal sealed class SandboxSide(Uri sandbox, string path)
{
    private JsonObject _state = [];

    /// <summary>What the last request was.</summary>
    public string Heard() => _state["requests"]?.AsArray().LastOrDefault() is { } last
        ? $"the last request was {(last["verified"]!.GetValue<bool>() ? "verified" : "NOT verified")} and answered {last["status"]}"
        : "no request arrived";

    /// <summary>The first request that is wanted, was verified and was taken; null if there is none yet.</summary>
    public async Task<JsonNode?> Taken(Func<JsonNode, bool> wanted, CancellationToken cancellationToken)
    {
        using var client = new LocalClient(sandbox);
        _state = await client.Expect(HttpMethod.Get, path, null, cancellationToken);
        return _state["requests"]!.AsArray().FirstOrDefault(request =>
            wanted(request!) && request!["verified"]!.GetValue<bool>() && request["status"]!.GetValue<int>() is >= 200 and <= 299);
    }
}
