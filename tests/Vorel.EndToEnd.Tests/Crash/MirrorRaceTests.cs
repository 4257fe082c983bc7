using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// Changes of one record, one right behind the other, while its orchestration ends and begins again and again: the CRM ends with the
/// newest, and is never taken back to an older one.
/// </summary>
[Trait("Area", "crash")]
public sealed class MirrorRaceTests
{
    private const int Bursts = 2;
    private const int Changes = 12;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Changes_that_come_while_the_lifecycle_ends_reach_the_crm_in_order_and_the_newest_always()
    {
        await using var stack = await TestStack.Start();
        using var tenant = await stack.NewTenant();
        await tenant.ConnectCrm(stack.Receiver.Url("crm", Take), "crm-secret-of-this-very-test");
        var lead = (await tenant.PostLead("version 1"))["id"]!.GetValue<string>();
        await stack.Settle(s_limit);
        var version = 1;
        for (var burst = 0; burst < Bursts; burst++)
        {
            for (var change = 0; change < Changes; change++)
            {
                var body = new JsonObject { ["name"] = $"version {++version}" };
                Assert.Equal(200, (await tenant.Api.Send(HttpMethod.Patch, $"/v1/leads/{lead}", body, CancellationToken.None)).Status);
            }

            await stack.Settle(s_limit);
            AssertHolds(stack, version);
        }
    }

    /// <summary>What the CRM was told of the lead: made once, then changed version by version, some of them skipped, up to the newest.</summary>
    private static void AssertHolds(TestStack stack, int newest)
    {
        var told = stack.Receiver.Posts("crm")
            .Select(post => JsonNode.Parse(post.Body)!)
            .Where(message => message["object"]?.GetValue<string>() == "lead")
            .ToList();
        Assert.Single(told.Where(message => message["action"]!.GetValue<string>() == "create").Select(message => message["idempotency_key"]!.GetValue<string>()).Distinct());
        var sequences = told.Select(message => message["sequence"]!.GetValue<long>()).ToList();
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal(($"version {newest}", (long)newest), (told[^1]["fields"]!["name"]!.GetValue<string>(), sequences[^1]));
    }

    private static Task Take(int number, HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"external_id":"1"}""");
    }
}
