using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>The host's own API: status, keys, the list of functions. As in Azure it wants the master key; only the ping does not.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/admin/host/ping", ["GET", "POST"], () => Results.Ok());
        var keyed = routes.MapGroup("").AddEndpointFilter(AskForMasterKey);
        keyed.MapKeys();
        keyed.MapGet("/admin/host/status", Status);
        keyed.MapGet("/admin/functions", (FunctionCatalog catalog) =>
            Results.Json(catalog.Functions.Select(Describe).ToArray(), AdminJson.Default.FunctionStatusArray));
        keyed.MapPost("/admin/functions/{name}", ManualRun.Handle);
        keyed.MapGet("/admin/functions/{name}", One);
        keyed.MapGet("/admin/functions/{name}/status", One);
    }

    private static IResult One(string name, FunctionCatalog catalog) =>
        catalog.Errors.TryGetValue(name, out var error) ? Results.Json(new FunctionStatus(name, "", false, [error]), AdminJson.Default.FunctionStatus)
        : catalog.Find(name) is { } function ? Results.Json(Describe(function), AdminJson.Default.FunctionStatus)
        : Results.NotFound();

    private static async ValueTask<object?> AskForMasterKey(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        call.HttpContext.RequestServices.GetRequiredService<HostKeys>().OpensAdmin(call.HttpContext.Request) ? await next(call) : Results.Unauthorized();

    private static IResult Status(HandlerPool pool, FunctionCatalog catalog, DomainClock clock)
    {
        var handlers = pool.Describe();
        return Results.Json(
            new HostStatus(
                handlers.Any(handler => handler.State == HandlerState.Error) ? "Error" : "Running",
                LocalHostOptions.HostVersion,
                Environment.ProcessId,
                handlers,
                clock.GetUtcNow(),
                clock.Generation,
                [.. catalog.Errors.Select(error => $"{error.Key}: {error.Value}")]),
            AdminJson.Default.HostStatus);
    }

    private static FunctionStatus Describe(FunctionDefinition function) => new(function.Name, function.Trigger.Type, function.IsDisabled, []);
}
