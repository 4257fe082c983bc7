using System.Text.Json.Nodes;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>The addresses of one instance, with all that they need to be called. They hold the system key, as those of the extension do.</summary>
/// <param name="request">Whose host name they get.</param>
/// <param name="client">The hub.</param>
/// <param name="code">The extension's system key.</param>
internal sealed class ManagementUrls(HttpRequest request, HubClient client, string code)
{
    private readonly string _root = $"{request.Scheme}://{request.Host}{ManagementEndpoints.Root}/instances/";
    private readonly string _query = $"taskHub={Uri.EscapeDataString(client.HubName)}&connection={Uri.EscapeDataString(client.ConnectionName)}&code={Uri.EscapeDataString(code)}";

    public string Status(string instanceId) => Of(instanceId, "?");

    /// <summary>The body that tells a caller how to go on; the words in braces are for the caller to replace.</summary>
    public string All(string instanceId) => HostJson.Print(new JsonObject
    {
        ["id"] = instanceId,
        ["statusQueryGetUri"] = Status(instanceId),
        ["sendEventPostUri"] = Of(instanceId, "/raiseEvent/{eventName}?"),
        ["terminatePostUri"] = Of(instanceId, "/terminate?reason={text}&"),
        ["purgeHistoryDeleteUri"] = Of(instanceId, "?"),
        ["restartPostUri"] = Of(instanceId, "/restart?"),
        ["suspendPostUri"] = Of(instanceId, "/suspend?reason={text}&"),
        ["resumePostUri"] = Of(instanceId, "/resume?reason={text}&"),
    });

    private string Of(string instanceId, string rest) => $"{_root}{Uri.EscapeDataString(instanceId)}{rest}{_query}";
}
