using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>Calls an orchestrator: base64 of a protobuf message there and back.</summary>
internal sealed class OrchestratorCaller(IFunctionInvoker invoker)
{
    private static readonly Dictionary<string, BindingValue> s_noMetadata = [];

    public async Task<OrchestratorAnswer> Call(FunctionDefinition function, OrchestratorRequest request, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, BindingValue>
        {
            [function.Trigger.Name] = BindingValue.Text(Convert.ToBase64String(request.ToByteArray())),
        };
        return await invoker.Invoke(function, data, s_noMetadata, cancellationToken) switch
        {
            InvocationResult.Success success => Decode(success.ReturnValue),
            InvocationResult.Failure { Kind: InvocationFailure.TimedOut } => new OrchestratorAnswer.Aborted(),
            InvocationResult.Failure failure => new OrchestratorAnswer.Broken(failure.Message),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    private static OrchestratorAnswer Decode(JsonNode? value)
    {
        if (value?.GetValueKind() is not JsonValueKind.String || value.GetValue<string>() is not { Length: > 0 } text)
        {
            return new OrchestratorAnswer.Broken("The function returned a null response: its ReturnValue is not a text.");
        }

        try
        {
            return new OrchestratorAnswer.Response(OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(text)));
        }
        catch (FormatException)
        {
            return new OrchestratorAnswer.Broken("The function's ReturnValue is not base64.");
        }
        catch (InvalidProtocolBufferException error)
        {
            return new OrchestratorAnswer.Broken($"The function's ReturnValue is not an OrchestratorResponse: {error.Message}");
        }
    }
}
