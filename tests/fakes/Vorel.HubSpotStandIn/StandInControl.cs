using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vorel.Fakes.HubSpot;

namespace Vorel.HubSpotStandIn;

/// <summary>
/// What HubSpot has no endpoint for, at an address beside its own: <c>POST /expire</c> ends every access token, <c>GET /state.json</c> tells what came and
/// what there is, without a token or a code.
/// </summary>
internal sealed class StandInControl : IAsyncDisposable
{
    private readonly FakeHubSpot _hubSpot;
    private readonly WebApplication _app;

    public StandInControl(FakeHubSpot hubSpot)
    {
        _hubSpot = hubSpot;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Answer);
    }

    public Uri Address { get; private set; } = null!;

    public async Task Start()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("POST", "/expire"):
                _hubSpot.Tokens.ExpireAccessTokens();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case ("GET", "/state.json"):
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(State().ToJsonString(), context.RequestAborted);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private JsonObject State() => new()
    {
        ["requests"] = new JsonArray([.. _hubSpot.Requests.Select(request => new JsonObject { ["route"] = request.SafeRoute, ["status"] = request.Status })]),
        ["refreshes"] = new JsonArray([.. _hubSpot.Refreshes.Select(request => JsonValue.Create(request.Status))]),
        ["records"] = new JsonArray([.. _hubSpot.Records.Select(record => new JsonObject
        {
            ["type"] = record.Type,
            ["id"] = record.Id,
            ["archived"] = record.ArchivedAt is not null,
            ["properties"] = new JsonObject(record.Properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value))),
        })]),
        ["links"] = new JsonArray([.. _hubSpot.Links.Select(link => new JsonObject { ["from"] = link.FromId, ["to"] = link.ToId })]),
    };
}
