using Vorel.Core.Records;
using Vorel.Core.Security.ApiKeys;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.OAuth;
using Vorel.Functions.Api.Operator;
using Vorel.Functions.Api.Records;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Http;

/// <summary>
/// The HTTP surfaces, each a function with a route of its own. There is no catch-all at the root, and the host asks for no
/// key: every endpoint decides itself who may call it.
/// </summary>
internal static class Surfaces
{
    [Function("V1")]
    public static void V1([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/{*path}")] RouteGroupBuilder v1)
    {
        v1.MapRecords("/conversations", RecordKinds.Conversation, ApiScopes.ConversationsWrite);
        v1.MapRecords("/leads", RecordKinds.Lead, ApiScopes.LeadsWrite);
    }

    [Function("Api")]
    public static void Api([HttpTrigger(AuthorizationLevel.Anonymous, Route = "api/{*path}")] RouteGroupBuilder api) => api.MapOperator();

    [Function("OAuth")]
    public static void OAuth([HttpTrigger(AuthorizationLevel.Anonymous, Route = "oauth/{*path}")] RouteGroupBuilder oauth) => oauth.MapOAuth();

    [Function("Health")]
    public static void Health([HttpTrigger(AuthorizationLevel.Anonymous, Route = "health")] RouteGroupBuilder health) =>
        health.MapGet("", () => TypedResults.Json(new HealthAnswer("ok"), HealthJson.Default.HealthAnswer)).ForAnyone("it says that the process serves, and nothing else");
}
