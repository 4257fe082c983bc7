using System.Text.Json.Nodes;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Invocation.Outputs;

/// <summary>
/// Starts orchestrations: the binding durableClient with direction out. Its values are
/// <c>{"FunctionName":…,"InstanceId":…,"Input":…}</c>; nobody is told the id that an instance gets where none is given.
/// </summary>
internal sealed class OrchestrationOutput(Lazy<IDurableSidecar?> hub)
{
    /// <exception cref="InvalidDataException">No Durable hub runs, the value is not an object, or it names no function.</exception>
    /// <exception cref="RpcException">The orchestration cannot be started: it is at work, or there is no such function.</exception>
    public async Task Write(FunctionBinding binding, OutputValue value, CancellationToken cancellationToken)
    {
        var sidecar = hub.Value ?? throw new InvalidDataException($"No Durable hub runs for '{binding.Name}'.");
        foreach (var start in value.Objects())
        {
            var name = Member(start, "FunctionName")?.ToString() ?? throw new InvalidDataException("The value has no FunctionName.");
            var input = Member(start, "Input");
            await sidecar.StartInstance(name, Member(start, "InstanceId")?.ToString(), input is null ? null : HostJson.Print(input), cancellationToken);
        }
    }

    private static JsonNode? Member(JsonObject start, string name) =>
        start.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
