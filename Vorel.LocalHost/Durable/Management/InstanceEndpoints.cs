using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>Everything below <c>/instances</c>.</summary>
internal static class InstanceEndpoints
{
    public static async Task<IResult> Status(ManagementCall call)
    {
        var (showInput, showHistory, showOutput) = (call.Flag("showInput", true), call.Flag("showHistory", false), call.Flag("showHistoryOutput", false));
        var errorOnFailure = call.Flag("returnInternalServerErrorOnFailure", false);
        if (await call.Client.Operations.Get(call.Id, call.Caller) is not { } instance)
        {
            throw new RpcException(GrpcStatus.NotFound, "There is no such instance.");
        }

        var history = showHistory ? await call.Client.Queries.History(call.Id, call.Caller) ?? [] : null;
        var body = StatusBody.One(showInput ? instance : instance with { Input = null }, history, showOutput);
        if (instance.IsFinished)
        {
            return ManagementAnswers.Json(
                body, errorOnFailure && instance.Status == OrchestrationStatus.Failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        }

        call.Response.Headers.Location = call.Urls.Status(call.Id);
        call.Response.Headers.RetryAfter = "5";
        return ManagementAnswers.Json(body, StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> List(ManagementCall call)
    {
        var payloads = InstancePayloads.Output | (call.Flag("showInput", true) ? InstancePayloads.Input : InstancePayloads.None);
        var page = await call.Client.Queries.Page(call.Filter(), call.Number("top") ?? 0, call.Token, payloads, call.Caller);
        if (page.Next is not null)
        {
            call.Token = page.Next;
        }

        return ManagementAnswers.Json(StatusBody.Many(page.Instances));
    }

    public static async Task<IResult> Raise(ManagementCall call)
    {
        if (!call.IsJson)
        {
            throw ManagementCall.Wrong("The content type is not application/json.");
        }

        var raised = new RaiseEventRequest { InstanceId = call.Id, Name = call.Route("event"), Input = await call.Json() };
        await call.Client.Operations.Raise(raised, call.Client.Ends);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> Terminate(ManagementCall call)
    {
        await call.Client.Operations.Terminate(new TerminateRequest { InstanceId = call.Id, Output = call.Text("reason") }, call.Client.Ends);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> Suspend(ManagementCall call)
    {
        await call.Client.Operations.Suspend(new SuspendRequest { InstanceId = call.Id, Reason = call.Text("reason") }, call.Client.Ends);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> Resume(ManagementCall call)
    {
        await call.Client.Operations.Resume(new ResumeRequest { InstanceId = call.Id, Reason = call.Text("reason") }, call.Client.Ends);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> Rewind(ManagementCall call)
    {
        await call.Client.Restarts.Rewind(call.Id, call.Client.Ends);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> Restart(ManagementCall call)
    {
        try
        {
            var id = await call.Client.Restarts.Restart(call.Id, call.Flag("restartWithNewInstanceId", true), call.Client.Ends);
            return StartEndpoint.Accepted(call, id);
        }
        catch (RpcException refusal) when (refusal.Status == GrpcStatus.NotFound)
        {
            throw ManagementCall.Wrong(refusal.Message);
        }
    }

    public static async Task<IResult> Purge(ManagementCall call) =>
        ManagementAnswers.Purged(await call.Client.Operations.Purge(call.Id, call.Client.Ends) ? 1 : 0);

    public static async Task<IResult> PurgeMany(ManagementCall call)
    {
        var filter = call.Filter();
        return filter.CreatedFrom is null
            ? throw ManagementCall.Wrong("createdTimeFrom is missing.")
            : ManagementAnswers.Purged((await call.Client.Purge.All(filter, limit: null, call.Client.Ends)).Count);
    }
}
