using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>The host's own API: status, the list of functions. Loopback only, and without keys, as Core Tools has it.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/admin/host/ping", ["GET", "POST"], () => Results.Ok());
        routes.MapGet("/admin/host/status", Status);
        routes.MapGet("/admin/functions", (FunctionCatalog catalog) =>
            Results.Json(catalog.Functions.Select(Describe).ToArray(), AdminJson.Default.FunctionStatusArray));
        routes.MapPost("/admin/functions/{name}", ManualRun.Handle);
        routes.MapGet("/admin/functions/{name}/status", (string name, FunctionCatalog catalog) =>
            catalog.Errors.TryGetValue(name, out var error)
                ? Results.Json(new FunctionStatus(name, "", [error]), AdminJson.Default.FunctionStatus)
                : catalog.Functions.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } function
                    ? Results.Json(Describe(function), AdminJson.Default.FunctionStatus)
                    : Results.NotFound());
    }

    private static IResult Status(HandlerSupervisor handlers, FunctionCatalog catalog, DomainClock clock)
    {
        var running = handlers.Running;
        return Results.Json(
            new HostStatus(
                handlers.IsDeadForGood ? "Error" : "Running",
                LocalHostOptions.HostVersion,
                Environment.ProcessId,
                running is null ? null : new HandlerStatus(running.ProcessId, running.Address, running.WorkerId),
                handlers.Starts,
                clock.GetUtcNow(),
                clock.Generation,
                [.. catalog.Errors.Select(error => $"{error.Key}: {error.Value}")]),
            AdminJson.Default.HostStatus);
    }

    private static FunctionStatus Describe(FunctionDefinition function) => new(function.Name, function.Trigger.Type, []);
}
