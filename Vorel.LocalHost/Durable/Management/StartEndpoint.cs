using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Management;

/// <summary><c>POST /orchestrators/{function}/{id?}</c>: starts an instance and, if asked to, waits a while for its end.</summary>
internal static class StartEndpoint
{
    private static readonly TimeSpan s_defaultWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(1);

    public static async Task<IResult> Start(ManagementCall call)
    {
        var (timeout, interval) = (call.Seconds("timeout"), call.Seconds("pollingInterval"));
        if ((interval ?? s_defaultInterval) > (timeout ?? s_defaultWait))
        {
            throw ManagementCall.Wrong("The pollingInterval is longer than the timeout.");
        }

        var id = await call.Client.Operations.Start(
            new CreateInstanceRequest
            {
                InstanceId = call.Id,
                Name = call.Route("function"),
                Version = call.Text("version"),
                Input = await call.Json(),
            },
            call.Client.Ends);
        return timeout is null && interval is null ? Accepted(call, id) : await Wait(call, id, timeout ?? s_defaultWait);
    }

    /// <summary>The answer that tells how to follow the instance.</summary>
    public static IResult Accepted(ManagementCall call, string instanceId)
    {
        call.Response.Headers.Location = call.Urls.Status(instanceId);
        call.Response.Headers.RetryAfter = "10";
        return ManagementAnswers.Json(call.Urls.All(instanceId), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Wait(ManagementCall call, string instanceId, TimeSpan timeout)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(call.Caller, call.Stopping);
        limit.CancelAfter(timeout);
        try
        {
            var ended = await call.Client.Waits.Until(instanceId, static instance => instance.IsFinished, limit.Token);
            return ended.Status == OrchestrationStatus.Completed
                ? ManagementAnswers.Json(StatusBody.Payload(ended.Output))
                : ManagementAnswers.Json(StatusBody.One(ended, history: null, withHistoryOutput: false));
        }
        catch (OperationCanceledException) when (!call.Caller.IsCancellationRequested)
        {
            return Accepted(call, instanceId); // It goes on, here or after the next start.
        }
    }
}
