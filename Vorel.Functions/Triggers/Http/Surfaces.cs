using Vorel.Functions.Api.Access;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Http;

/// <summary>
/// The HTTP surfaces, each a function with a route of its own. There is no catch-all at the root, and the host asks for no
/// key: every endpoint decides itself who may call it.
/// </summary>
internal static class Surfaces
{
    [Function("V1")]
    public static void V1([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/{*path}")] RouteGroupBuilder v1) =>
        ArgumentNullException.ThrowIfNull(v1);

    [Function("Api")]
    public static void Api([HttpTrigger(AuthorizationLevel.Anonymous, Route = "api/{*path}")] RouteGroupBuilder api) =>
        ArgumentNullException.ThrowIfNull(api);

    [Function("Health")]
    public static void Health([HttpTrigger(AuthorizationLevel.Anonymous, Route = "health")] RouteGroupBuilder health) =>
        health.MapGet("", () => Results.Json(new HealthAnswer("ok"), HealthJson.Default.HealthAnswer)).ForAnyone();
}
