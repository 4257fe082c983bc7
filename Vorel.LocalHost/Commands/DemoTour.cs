using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>Posts one lead and follows it: the API's answer, the CRM write, the webhook delivered and verified.</summary>
internal sealed class DemoTour(StackAddresses addresses, DemoTenant tenant, Action<string> say)
{
    private static readonly TimeSpan s_legLimit = TimeSpan.FromSeconds(15);

    /// <summary>Breaks a leg, by the sandbox's own switches.</summary>
    public async Task Break(DemoFault fault, CancellationToken cancellationToken)
    {
        (string Path, JsonObject Behavior)? change = fault switch
        {
            DemoFault.InboxOff => ("/sandbox/inbox/behavior", new JsonObject { ["off"] = true }),
            DemoFault.Crm500 => ("/sandbox/crm/behavior", new JsonObject { ["status"] = 500 }),
            DemoFault.WrongSecret => ("/sandbox/inbox/behavior", new JsonObject { ["secret"] = "whsec_wrong" }),
            _ => null,
        };
        if (change is { } chosen)
        {
            using var sandbox = new LocalClient(addresses.Sandbox);
            await sandbox.Expect(HttpMethod.Put, chosen.Path, chosen.Behavior, cancellationToken);
            say($"  broken on purpose: {chosen.Path} {(fault == DemoFault.WrongSecret ? "has a wrong secret" : chosen.Behavior.ToJsonString())}");
        }
    }

    /// <summary>Null when all legs happened; else what to say of the one that did not.</summary>
    public async Task<string?> Run(CancellationToken cancellationToken)
    {
        using var api = new LocalClient(addresses.Host.Address, tenant.ApiKey);
        var clock = Stopwatch.StartNew();
        var conversation = await api.Send(
            HttpMethod.Post,
            "/v1/conversations",
            new JsonObject { ["channel"] = "webform", ["customer_identifier"] = $"visitor-{RandomNumberGenerator.GetHexString(8, true)}@example.com" },
            cancellationToken);
        say($"POST /v1/conversations → {conversation.Status}");
        if (conversation.Status != 201)
        {
            return $"API leg: POST /v1/conversations answered {conversation.Status} {conversation.Body?["code"]}";
        }

        clock.Restart();
        var lead = await api.Send(
            HttpMethod.Post,
            "/v1/leads",
            new JsonObject { ["conversation_id"] = conversation.Body!["id"]!.DeepClone(), ["name"] = "Ada Example", ["phone"] = "+14155550100" },
            cancellationToken);
        say($"POST /v1/leads → {lead.Status} {lead.Body?["id"]} ({clock.ElapsedMilliseconds} ms)");
        if (lead.Status != 201)
        {
            return $"API leg: POST /v1/leads answered {lead.Status} {lead.Body?["code"]}";
        }

        var id = lead.Body!["id"]!.GetValue<string>();
        Task<LegEnd>[] legs =
        [
            Leg("CRM", "/sandbox/crm.json", state => CrmRecord(state, id), clock, cancellationToken),
            Leg("webhook", "/sandbox/inbox.json", state => Delivery(state, id), clock, cancellationToken),
        ];
        string? failure = null;
        foreach (var end in await Task.WhenAll(legs))
        {
            if (end.Done)
            {
                say(end.Text);
            }
            else
            {
                failure ??= end.Text;
            }
        }

        return failure;
    }

    private async Task<LegEnd> Leg(string name, string path, Func<JsonObject, string?> done, Stopwatch clock, CancellationToken cancellationToken)
    {
        using var sandbox = new LocalClient(addresses.Sandbox);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_legLimit);
        var state = new JsonObject();
        try
        {
            while (true)
            {
                state = await sandbox.Expect(HttpMethod.Get, path, null, limit.Token);
                if (done(state) is { } seen)
                {
                    return new LegEnd(true, $"{name}: {seen} ({clock.ElapsedMilliseconds} ms)");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var last = state["requests"]?.AsArray().LastOrDefault();
            var heard = last is null
                ? "no request arrived"
                : $"the last request was {(last["verified"]!.GetValue<bool>() ? "verified" : "NOT verified")} and answered {last["status"]}";
            return new LegEnd(false, $"{name} leg: not done within {s_legLimit.TotalSeconds:0} s; {heard}.");
        }
    }

    private static string? CrmRecord(JsonObject state, string lead) =>
        Done(state, request => Text(request, "kind") == "create" && Text(request, "id") == lead) is { } write
            ? $"lead written, signature verified, answered {write["status"]}"
            : null;

    private static string? Delivery(JsonObject state, string lead) =>
        Done(state, request => Text(request, "kind") == "lead.created" && Text(request, "body").Contains(lead, StringComparison.Ordinal)) is { } delivery
            ? $"lead.created {Text(delivery, "id")} delivered, signature verified, answered {delivery["status"]}"
            : null;

    private static JsonNode? Done(JsonObject state, Func<JsonNode, bool> wanted) =>
        state["requests"]!.AsArray().FirstOrDefault(request =>
            wanted(request!) && request!["verified"]!.GetValue<bool>() && request["status"]!.GetValue<int>() is >= 200 and <= 299);

    private static string Text(JsonNode request, string member) => request[member]!.GetValue<string>();

    private sealed record LegEnd(bool Done, string Text);
}
