using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>Maps every HTTP function under its route, prefix included; admin and runtime belong to the host.</summary>
internal static class FunctionRoutes
{
    public static void MapFunctions(this IEndpointRouteBuilder routes)
    {
        var prefix = routes.ServiceProvider.GetRequiredService<HostConfiguration>().Http.RoutePrefix;
        var functions = routes.ServiceProvider.GetRequiredService<HttpFunctions>();
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet("/", () => "Vorel's local stand-in for the Functions host is up.");
        routes.Map("/admin/{**rest}", () => Results.NotFound());
        routes.Map("/runtime/{**rest}", () => Results.NotFound());

        foreach (var function in routes.ServiceProvider.GetRequiredService<FunctionCatalog>().Functions.Where(f => f.Trigger.Is("httpTrigger")))
        {
            var route = HttpRoute.Of(function);
            Task Handle(HttpContext context) => functions.Call(function, context, stopping);
            var template = $"/{prefix}/{route.Template}".Replace("//", "/", StringComparison.Ordinal);
            _ = route.Methods.Count == 0 ? routes.Map(template, Handle) : routes.MapMethods(template, route.Methods, Handle);
        }
    }

    /// <summary>Functions answers 404 where a route matches but not its method; ASP.NET Core would say 405.</summary>
    public static void UseNotFoundForMethods(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.GetEndpoint()?.DisplayName == "405 HTTP Method Not Supported" && !context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    });
}
