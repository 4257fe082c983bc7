using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Fakes.HubSpot;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.HubSpot;

/// <summary>An access token that is over on the way of many records to HubSpot.</summary>
[Trait("Area", "crash")]
public sealed class TokenTests
{
    private const int Leads = 25;
    private const int AtOnce = 3;

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(60);

    // So many writes at once may take longer than the other tests leave them.
    private static readonly Dictionary<string, string> s_patient = new(StringComparer.Ordinal) { ["Vorel__IntentDelay"] = "00:00:20", ["Vorel__CommitBudget"] = "00:00:15" };

    [Fact]
    public async Task Fifty_records_over_three_instances_meet_a_token_that_is_over_and_refresh_it_once()
    {
        await using var stage = await HubSpotStage.Start(new TestStackOptions { Instances = 3, Settings = s_patient });
        using var tenant = await stage.NewTenant();
        stage.HubSpot.Tokens.RotatesRefreshTokens = true; // A second refresh with the same token would end the connection.
        stage.HubSpot.Tokens.ExpireAccessTokens();
        var gate = new TaskCompletionSource();
        stage.HubSpot.Faults.Enqueue(HubSpotFault.Hold(gate.Task).On("POST /oauth/*"));

        // Each with its conversation. The first of them to be refused asks for a new token, and does not get it before others were refused too.
        var posting = Post(tenant);
        await Eventually.True(() => Refused(stage) >= AtOnce, "several records met the token", s_soon);
        gate.SetResult();
        var leads = await posting;

        await Eventually.True(() => leads.TrueForAll(stage.HasDeal), "every lead is a deal", TimeSpan.FromMinutes(3));
        await stage.Stack.Settle(TimeSpan.FromMinutes(2));
        Assert.Single(stage.HubSpot.Refreshes);
        Assert.Equal((Leads, Leads), (stage.HubSpot.Living("deals").Count, stage.HubSpot.Living("notes").Count));
        Assert.Equal("active", (await stage.Crm(tenant))["status"]!.GetValue<string>());
    }

    private static async Task<List<string>> Post(TestTenant tenant)
    {
        var leads = new List<string>();
        foreach (var few in Enumerable.Range(0, Leads).Chunk(5))
        {
            leads.AddRange(from lead in await Task.WhenAll(few.Select(number => tenant.PostLead($"Lead {number}"))) select lead["id"]!.GetValue<string>());
        }

        return leads;
    }

    private static int Refused(HubSpotStage stage) => stage.HubSpot.Requests.Count(request => request.Status == 401);
}
