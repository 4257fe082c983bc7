using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>Stands where the handler is: orchestrators and activities are functions of the test.</summary>
internal sealed class ScriptedHandler : IFunctionInvoker
{
    private readonly Dictionary<string, Func<OrchestratorRequest, Task<InvocationResult>>> _orchestrators = [];
    private readonly Dictionary<string, Func<string, Task<InvocationResult>>> _activities = [];
    private readonly List<FunctionDefinition> _functions = [];

    public FunctionCatalog Catalog => FunctionCatalog.Of(_functions);

    /// <summary>Every orchestrator call, in the order of arrival.</summary>
    public ConcurrentQueue<OrchestratorRequest> Turns { get; } = [];

    /// <summary>Every activity call: name, and the value of its binding as it stands in the envelope.</summary>
    public ConcurrentQueue<(string Name, string Wire, IReadOnlyDictionary<string, string> Metadata)> Activities { get; } = [];

    /// <summary>Never completes: what a call gets from a handler that hangs, or that died with its host.</summary>
    public static Task<InvocationResult> Hang { get; } = new TaskCompletionSource<InvocationResult>().Task;

    public static InvocationResult Returns(JsonNode? value) => new InvocationResult.Success(value, new Dictionary<string, JsonNode?>());

    public static InvocationResult Answers(params OrchestratorAction[] actions) => Answers(new OrchestratorResponse { Actions = { actions } });

    public static InvocationResult Answers(OrchestratorResponse response)
    {
        response.InstanceId = response.InstanceId.Length == 0 ? "any" : response.InstanceId;
        return Returns(Convert.ToBase64String(response.ToByteArray()));
    }

    public ScriptedHandler Orchestrator(string name, Func<OrchestratorRequest, InvocationResult> script) =>
        Orchestrator(name, request => Task.FromResult(script(request)));

    public ScriptedHandler Orchestrator(string name, Func<OrchestratorRequest, Task<InvocationResult>> script)
    {
        _orchestrators[name] = script;
        _functions.Add(Function(name, "orchestrationTrigger", "context"));
        return this;
    }

    public ScriptedHandler Activity(string name, Func<string, InvocationResult> script) =>
        Activity(name, wire => Task.FromResult(script(wire)));

    public ScriptedHandler Activity(string name, Func<string, Task<InvocationResult>> script)
    {
        _activities[name] = script;
        _functions.Add(Function(name, "activityTrigger", "input"));
        return this;
    }

    public async Task<InvocationResult> Invoke(
        FunctionDefinition function,
        IReadOnlyDictionary<string, BindingValue> data,
        IReadOnlyDictionary<string, BindingValue> metadata,
        CancellationToken cancellationToken)
    {
        var wire = data[function.Trigger.Name].ToWire();
        if (_activities.TryGetValue(function.Name, out var activity))
        {
            Activities.Enqueue((function.Name, wire, metadata.ToDictionary(entry => entry.Key, entry => entry.Value.ToWire())));
            return await activity(wire).WaitAsync(cancellationToken);
        }

        // The wire holds a JSON text, whose content is again a JSON text: base64.
        var base64 = JsonSerializer.Deserialize<string>(JsonSerializer.Deserialize<string>(wire)!)!;
        var request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(base64));
        Turns.Enqueue(request);
        return await _orchestrators[function.Name](request).WaitAsync(cancellationToken);
    }

    private static FunctionDefinition Function(string name, string trigger, string binding) =>
        new(name, [new FunctionBinding(trigger, "in", binding, [])]);
}
