using System.Diagnostics;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.HubSpot;

/// <summary>SIGKILL after HubSpot has given new tokens and before they are stored.</summary>
[Trait("Area", "crash")]
public sealed class TokenKillTests
{
    /// <summary>Where it is killed.</summary>
    internal const string Point = "after-token-refresh";

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Where_refresh_tokens_stay_the_next_process_asks_again_and_goes_on()
    {
        await using var stage = await HubSpotStage.Start(new TestStackOptions { Failpoints = true });
        using var tenant = await stage.NewTenant();

        var lead = await KillDuringRefresh(stage, tenant);

        await Eventually.True(() => stage.HasDeal(lead), "the lead is a deal", TimeSpan.FromMinutes(2));
        Assert.Equal(2, stage.HubSpot.Refreshes.Count);
        Assert.Single(stage.HubSpot.Living("deals"));
        Assert.Null((await stage.Crm(tenant))["failed"]);
    }

    [Fact]
    public async Task Where_they_rotate_the_connection_is_lost_says_so_and_is_made_anew_without_losing_a_record()
    {
        await using var stage = await HubSpotStage.Start(new TestStackOptions { Failpoints = true });
        using var tenant = await stage.NewTenant();
        stage.HubSpot.Tokens.RotatesRefreshTokens = true;

        var lead = await KillDuringRefresh(stage, tenant);

        await Eventually.True(async () => (await stage.Crm(tenant))["failed"]?["code"]?.GetValue<string>() == "refresh_failed", "the operator sees that it is lost", TimeSpan.FromMinutes(2));
        Assert.False(stage.HasDeal(lead));
        await stage.Stack.TickUntil(async () => await OpenIncidents(stage, tenant) > 0, "an incident says so");
        Assert.Equal(200, (await stage.SignIn(tenant)).Status);
        await stage.Stack.TickUntil(() => stage.HasDeal(lead), "the lead is a deal after all");
        Assert.Single(stage.HubSpot.Living("deals"));
        await stage.Stack.TickUntil(async () => await OpenIncidents(stage, tenant) == 0, "the incident is closed");
        Assert.Null((await stage.Crm(tenant))["failed"]);
    }

    private static async Task<int> OpenIncidents(HubSpotStage stage, TestTenant tenant)
    {
        var incidents = await stage.Stack.Operator.Expect(HttpMethod.Get, $"/api/tenant/{tenant.Id}/incidents?status=open", null, CancellationToken.None);
        return incidents["data"]!.AsArray().Count;
    }

    private static async Task<string> KillDuringRefresh(HubSpotStage stage, TestTenant tenant)
    {
        stage.Stack.Arm(Point);
        stage.HubSpot.Tokens.ExpireAccessTokens();
        var lead = await tenant.PostLead();
        int? process = null;
        await Eventually.True(() => (process = stage.Stack.Reached(Point)) is not null, $"the handler reached '{Point}'", s_soon);
        Process.GetProcessById(process!.Value).Kill();
        await Eventually.True(
            () => stage.Stack.Host.CurrentAddresses().Handlers.All(handler => handler.ProcessId != process), "a new handler is up", s_soon);
        return lead["id"]!.GetValue<string>();
    }
}
