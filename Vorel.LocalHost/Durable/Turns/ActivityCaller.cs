using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Invocation.Newtonsoft;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>Calls an activity and makes the event that tells its orchestrator what came of it.</summary>
internal sealed class ActivityCaller(IFunctionInvoker invoker, DurableFunctions functions, TimeProvider domain)
{
    /// <returns>The event; null where the call timed out, which the extension aborts and tries again.</returns>
    public async Task<HistoryEvent?> Call(string instanceId, ScheduledActivity activity, CancellationToken cancellationToken)
    {
        if (functions.Activity(activity.Name) is not { } function)
        {
            // Azure's reason text does not travel in the message: the absence of details is all that the orchestrator sees.
            return Events.TaskFailed(domain.GetUtcNow(), activity.Id, failure: null);
        }

        string? input;
        try
        {
            input = activity.Input is null ? null : HostJson.Print(NewtonsoftJson.Load(activity.Input, dates: false));
        }
        catch (JsonException error)
        {
            return Failed(activity, function, "Newtonsoft.Json.JsonReaderException", $"The input is not JSON: {error.Message}");
        }

        var data = new Dictionary<string, BindingValue> { [function.Trigger.Name] = input is null ? BindingValue.Null : BindingValue.Text(input) };
        return await invoker.Invoke(function, data, Metadata(instanceId, function.Trigger.Name, input), cancellationToken) switch
        {
            InvocationResult.Success success => Completed(activity, function, success.ReturnValue),
            InvocationResult.Failure { Kind: InvocationFailure.TimedOut } => null,
            InvocationResult.Failure failure => Failed(activity, function, ErrorType(failure.Kind), failure.Message),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    private static Dictionary<string, BindingValue> Metadata(string instanceId, string binding, string? input)
    {
        var metadata = new Dictionary<string, BindingValue> { ["instanceId"] = BindingValue.Text(instanceId) };
        if (input is not null)
        {
            metadata[binding] = BindingValue.Text(input);
            metadata["data"] = BindingValue.Json(JsonNode.Parse(input));
            TriggerMetadata.AddPayload(metadata, input);
        }

        return metadata;
    }

    private static string ErrorType(InvocationFailure kind) => kind switch
    {
        InvocationFailure.BadAnswer or InvocationFailure.OutputFailed => "System.InvalidOperationException",
        _ => "System.Net.Http.HttpRequestException",
    };

    private HistoryEvent Completed(ScheduledActivity activity, FunctionDefinition function, JsonNode? value)
    {
        var result = value is null ? null : HostJson.Print(value); // Read by Newtonsoft's rules when it came: numbers and dates are not as they were sent.
        return result is null || Encoding.UTF8.GetByteCount(result) <= SplitColumn.MaxValue
            ? Events.TaskCompleted(domain.GetUtcNow(), activity.Id, result)
            : Failed(activity, function, "System.InvalidOperationException", $"The result is longer than the {SplitColumn.MaxValue} bytes that this local host stores.");
    }

    private HistoryEvent Failed(ScheduledActivity activity, FunctionDefinition function, string innerType, string innerMessage) =>
        Events.TaskFailed(domain.GetUtcNow(), activity.Id, new TaskFailureDetails
        {
            ErrorType = "Microsoft.Azure.WebJobs.Host.FunctionInvocationException",
            ErrorMessage = $"Exception while executing function: Functions.{function.Name}",
            InnerFailure = new TaskFailureDetails { ErrorType = innerType, ErrorMessage = innerMessage },
        });
}
