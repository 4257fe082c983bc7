using System.Diagnostics;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>The stand-in for HubSpot as the demo's CRM: somebody signs in, a lead becomes a deal with a contact, and a token is over on the way.</summary>
internal sealed class HubSpotCrm(HubSpotStandIn hubSpot, Action<string> say) : IDemoCrm
{
    private const string Deals = "/crm/v3/objects/deals";
    private JsonObject _state = [];

    public async Task<string?> Connect(LocalClient operatorClient, string tenant, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var link = await operatorClient.Expect(HttpMethod.Post, $"/api/tenant/{tenant}/crm/oauth", new JsonObject { ["provider"] = "hubspot" }, cancellationToken);
        say($"POST /api/tenant/{tenant}/crm/oauth → a link for whoever signs in");
        using var browser = new LocalBrowser();
        var page = await browser.Visit(new Uri(link["url"]!.GetValue<string>()), "allow", cancellationToken);
        say($"Allow, on the stand-in's page → callback → {page.Status} \"{page.Title}\" ({clock.ElapsedMilliseconds} ms)");
        var crm = await operatorClient.Expect(HttpMethod.Get, $"/api/tenant/{tenant}/crm", null, cancellationToken);
        return page.Status == 200 && crm["provider"]?.GetValue<string>() == "hubspot" && crm["status"]?.GetValue<string>() == "active"
            ? null
            : $"sign-in leg: the page says \"{page.Text}\", and the CRM is {crm["status"]}";
    }

    public Task<DemoLeg> Follow(string lead, CancellationToken cancellationToken) => DemoLeg.Follow(
        "HubSpot",
        async limit =>
        {
            _state = await hubSpot.State(limit);
            if (Deal(lead) is not { } deal)
            {
                return null;
            }

            var contact = _state["links"]!.AsArray().Where(link => Text(link!, "from") == Text(deal, "id")).Select(link => Text(link!, "to")).FirstOrDefault();
            return contact is null ? null : $"deal {Text(deal, "id")} \"{deal["properties"]!["dealname"]}\" of contact {contact}";
        },
        Heard,
        cancellationToken);

    public async Task<string?> Continue(LocalClient api, string lead, CancellationToken cancellationToken)
    {
        var (refreshes, changes) = (Refreshed(), Changes());
        await hubSpot.ExpireTokens(cancellationToken);
        var patched = await api.Send(HttpMethod.Patch, $"/v1/leads/{lead}", new JsonObject { ["status"] = "qualified" }, cancellationToken);
        say($"The access token is over; PATCH /v1/leads/{lead} → {patched.Status}");
        if (patched.Status != 200)
        {
            return $"API leg: PATCH /v1/leads answered {patched.Status} {patched.Body?["code"]}";
        }

        var leg = await DemoLeg.Follow(
            "HubSpot",
            async limit =>
            {
                _state = await hubSpot.State(limit);
                return Changes() > changes ? $"401, {Refreshed() - refreshes} refresh, deal changed" : null;
            },
            Heard,
            cancellationToken);
        if (!leg.Done)
        {
            return leg.Text;
        }

        say(leg.Text);
        return Refreshed() - refreshes == 1 ? null : $"refresh leg: {Refreshed() - refreshes} refreshes were seen, not one.";
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    /// <summary>The deal that was made under a lead's id, which the driver keeps in a property of its own.</summary>
    private JsonNode? Deal(string lead) => _state["records"]!.AsArray().FirstOrDefault(record =>
        Text(record!, "type") == "deals" && record!["properties"]!["vorel_key"]?.GetValue<string>().Contains(lead, StringComparison.Ordinal) == true);

    private int Refreshed() => _state["refreshes"]!.AsArray().Count(status => status?.GetValue<int>() == 200);

    private int Changes() => _state["requests"]!.AsArray().Count(request =>
        Text(request!, "route").StartsWith($"PATCH {Deals}/", StringComparison.Ordinal) && request!["status"]?.GetValue<int>() == 200);

    private string Heard() => _state["requests"]?.AsArray().LastOrDefault() is { } last ? $"its last request was {last["route"]}, answered {last["status"]}" : "it was asked for nothing";
}
