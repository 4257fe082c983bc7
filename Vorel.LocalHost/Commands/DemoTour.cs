using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>Connects the CRM, posts one lead and follows it: the API's answer, the CRM write, the webhook delivered and verified.</summary>
internal sealed class DemoTour(StackAddresses addresses, DemoTenant tenant, IDemoCrm crm, Action<string> say)
{
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
    public async Task<string?> Run(LocalClient operatorClient, CancellationToken cancellationToken)
    {
        if (await crm.Connect(operatorClient, tenant.Id, cancellationToken) is { } notConnected)
        {
            return notConnected;
        }

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
        return await Legs(id, cancellationToken) ?? await crm.Continue(api, id, cancellationToken);
    }

    private async Task<string?> Legs(string lead, CancellationToken cancellationToken)
    {
        string? failure = null;
        foreach (var leg in await Task.WhenAll(crm.Follow(lead, cancellationToken), Webhook(lead, cancellationToken)))
        {
            if (leg.Done)
            {
                say(leg.Text);
            }
            else
            {
                failure ??= leg.Text;
            }
        }

        return failure;
    }

    private Task<DemoLeg> Webhook(string lead, CancellationToken cancellationToken)
    {
        var inbox = new SandboxSide(addresses.Sandbox, "/sandbox/inbox.json");
        return DemoLeg.Follow(
            "webhook",
            async limit => await inbox.Taken(
                request => Text(request, "kind") == "lead.created" && Text(request, "body").Contains(lead, StringComparison.Ordinal), limit) is { } delivery
                ? $"lead.created {Text(delivery, "id")} delivered, signature verified, answered {delivery["status"]}"
                : null,
            inbox.Heard,
            cancellationToken);
    }

    private static string Text(JsonNode request, string member) => request[member]!.GetValue<string>();
}
