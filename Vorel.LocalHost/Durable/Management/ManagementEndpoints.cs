using Vorel.Durable;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>
/// The HTTP API of the Durable extension: what clients do with instances, for callers that have the extension's system key or the
/// master key.
/// </summary>
internal static class ManagementEndpoints
{
    public const string Root = "/runtime/webhooks/durabletask";

    /// <summary>Maps it where there is a hub.</summary>
    public static void MapDurableManagement(this IEndpointRouteBuilder routes)
    {
        if (!routes.ServiceProvider.GetRequiredService<FunctionCatalog>().UsesDurable)
        {
            return;
        }

        var api = routes.MapGroup(Root);
        Map(api, "POST", "/orchestrators/{function}/{id?}", StartEndpoint.Start);
        Map(api, "GET", "/instances", InstanceEndpoints.List);
        Map(api, "DELETE", "/instances", InstanceEndpoints.PurgeMany);
        Map(api, "GET", "/instances/{id}", InstanceEndpoints.Status);
        Map(api, "DELETE", "/instances/{id}", InstanceEndpoints.Purge, StatusCodes.Status412PreconditionFailed);
        Map(api, "POST", "/instances/{id}/raiseEvent/{event}", InstanceEndpoints.Raise);
        Map(api, "POST", "/instances/{id}/terminate", InstanceEndpoints.Terminate);
        Map(api, "POST", "/instances/{id}/suspend", InstanceEndpoints.Suspend);
        Map(api, "POST", "/instances/{id}/resume", InstanceEndpoints.Resume);
        Map(api, "POST", "/instances/{id}/rewind", InstanceEndpoints.Rewind, StatusCodes.Status412PreconditionFailed);
        Map(api, "POST", "/instances/{id}/restart", InstanceEndpoints.Restart);
        Map(api, "POST", "/makeprimary", static _ => Task.FromResult(Results.Ok())); // There is one host: it has the lease.
        foreach (var method in new[] { "GET", "POST", "DELETE" })
        {
            Map(api, method, "/entities/{**rest}", static _ => throw new RpcException(GrpcStatus.Unimplemented, "This local host has no entities."));
        }
    }

    private static void Map(
        IEndpointRouteBuilder api, string method, string pattern, Func<ManagementCall, Task<IResult>> answer, int otherState = StatusCodes.Status410Gone) =>
        api.MapMethods(pattern, [method], (HttpContext context, DurableHub hub, HostKeys keys) => Answer(context, hub, keys, answer, otherState));

    private static async Task<IResult> Answer(
        HttpContext context, DurableHub hub, HostKeys keys, Func<ManagementCall, Task<IResult>> answer, int otherState)
    {
        if (!keys.OpensSystem(KeyEndpoints.DurableExtension, context.Request))
        {
            return Results.Unauthorized();
        }

        try
        {
            var client = await hub.Client(context.RequestAborted);
            var call = new ManagementCall(context, client, new ManagementUrls(context.Request, client, keys.System(KeyEndpoints.DurableExtension)));
            call.CheckHub();
            return await answer(call);
        }
        catch (RpcException refusal)
        {
            return ManagementAnswers.Refused(refusal, otherState);
        }
        catch (OperationCanceledException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
