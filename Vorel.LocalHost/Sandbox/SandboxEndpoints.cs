using System.Text.Json;
using Vorel.LocalHost.Clock;

namespace Vorel.LocalHost.Sandbox;

/// <summary>The two receivers, each as a POST target, a JSON state, a page and a switch for its behaviour.</summary>
internal static class SandboxEndpoints
{
    public static void MapSandbox(this IEndpointRouteBuilder routes, Inbox inbox, Crm crm, DomainClock clock)
    {
        routes.MapGet("/", () => Results.Redirect("/sandbox/inbox"));
        routes.MapPost("/sandbox/inbox", context => Receive(context, clock, inbox.Behavior, "id", "event", inbox.Add, _ => (StatusCodes.Status204NoContent, null)));
        routes.MapPost("/sandbox/crm", context => Receive(context, clock, crm.Behavior, "idempotency_key", "action", crm.Add, request => Write(crm, request)));

        routes.MapGet("/sandbox/inbox.json", () => Results.Json(inbox.State(), SandboxJson.Default.InboxState));
        routes.MapGet("/sandbox/crm.json", () => Results.Json(crm.State(), SandboxJson.Default.CrmState));
        routes.MapGet("/sandbox/inbox", () => Page.Html(SandboxPages.Inbox(inbox.State())));
        routes.MapGet("/sandbox/crm", () => Page.Html(SandboxPages.Crm(crm.State())));
        routes.MapPut("/sandbox/inbox/behavior", (HttpContext context, CancellationToken _) => Switch(context, inbox.Behavior));
        routes.MapPut("/sandbox/crm/behavior", (HttpContext context, CancellationToken _) => Switch(context, crm.Behavior));
        routes.MapDelete("/sandbox/inbox", inbox.Clear);
        routes.MapDelete("/sandbox/crm", crm.Clear);
    }

    private static async Task Receive(
        HttpContext context,
        DomainClock clock,
        BehaviorSwitch behavior,
        string idMember,
        string kindMember,
        Action<Received> add,
        Func<SandboxRequest, (int Status, CrmAnswer? Answer)> work)
    {
        var (at, realAt) = (clock.GetUtcNow(), clock.Real.GetUtcNow());
        var fault = behavior.Next();
        if (fault.Off)
        {
            context.Abort();
            return;
        }

        if (await SandboxRequest.Read(context.Request, context.RequestAborted) is not { } request)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var verified = request.IsSigned(behavior.Secret);
        var faulty = fault.Status is not null || fault.Reset;
        CrmAnswer? answer = null;
        var status = StatusCodes.Status401Unauthorized;
        if (verified && (!faulty || fault.Apply))
        {
            (status, answer) = work(request);
        }

        if (verified && faulty)
        {
            (status, answer) = (fault.Reset ? 0 : fault.Status!.Value, null);
        }

        // Counted on arrival: a sender that gives up during the delay has been here too.
        add(request.ToReceived(at, realAt, request.Member(idMember), request.Member(kindMember), verified, status));
        if (fault.DelayMs is > 0 and var delay)
        {
            await Task.Delay(delay, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        if (answer is not null)
        {
            var url = $"{context.Request.Scheme}://{context.Request.Host}/sandbox/crm#{answer.ExternalId}";
            await context.Response.WriteAsJsonAsync(answer with { RecordUrl = url }, SandboxJson.Default.CrmAnswer, cancellationToken: context.RequestAborted);
        }
    }

    private static (int Status, CrmAnswer? Answer) Write(Crm crm, SandboxRequest request)
    {
        if (request.Member("action") == "ping")
        {
            return (StatusCodes.Status204NoContent, null); // The connection test: verified, and nothing changes.
        }

        try
        {
            if (JsonSerializer.Deserialize(request.Body, SandboxJson.Default.CrmWrite) is not { } write)
            {
                return (StatusCodes.Status400BadRequest, null);
            }

            var (status, id) = crm.Write(write);
            return (status, id is null ? null : new CrmAnswer(id, ""));
        }
        catch (JsonException)
        {
            return (StatusCodes.Status400BadRequest, null);
        }
    }

    private static async Task<IResult> Switch(HttpContext context, BehaviorSwitch behavior)
    {
        try
        {
            var wanted = await JsonSerializer.DeserializeAsync(context.Request.Body, SandboxJson.Default.Behavior, context.RequestAborted);
            if (wanted is null or { Status: < 200 or > 599 } or { Times: < 0 } or { DelayMs: < 0 })
            {
                return Results.BadRequest();
            }

            behavior.Set(wanted);
            return Results.NoContent();
        }
        catch (JsonException)
        {
            return Results.BadRequest();
        }
    }
}
