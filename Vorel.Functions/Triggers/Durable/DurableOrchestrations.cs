using System.Text.Json;
using Vorel.Core.Messaging;
using Vorel.Durable;
using Vorel.Functions.Hosting.Envelopes;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>The orchestrations of the hub whose client the present call was given. Only functions that bind one have it.</summary>
internal sealed class DurableOrchestrations(CallClient call) : IOrchestrations
{
    public async Task<StartOutcome> Start(string name, string instanceId, string inputJson, CancellationToken cancellationToken)
    {
        try
        {
            var input = JsonElement.Parse(inputJson);
            await call.Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId), cancellationToken);
            return StartOutcome.Started;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return StartOutcome.AlreadyRunning;
        }
    }

    public async Task<bool> Raise(string instanceId, string eventName, CancellationToken cancellationToken)
    {
        try
        {
            await call.Client.RaiseEventAsync(instanceId, eventName, cancellationToken: cancellationToken);
            return true;
        }
        catch (DurableClientException exception) when (exception.Status is GrpcStatus.NotFound or GrpcStatus.FailedPrecondition)
        {
            return false;
        }
    }
}
