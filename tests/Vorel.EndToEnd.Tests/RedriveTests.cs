using Microsoft.AspNetCore.Http;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>On real processes: what a CRM has refused stays, and reaches it once, when it was mended and an operator has it taken up again.</summary>
public sealed class RedriveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_lead_that_the_CRM_refused_reaches_it_once_after_a_redrive(int instances)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Instances = instances });
        using var tenant = await stack.NewTenant();
        var mended = false;
        var accepted = new List<string>();
        await tenant.ConnectCrm(
            stack.Receiver.Url("crm", async (number, context) =>
            {
                var post = JsonNode.Parse(stack.Receiver.Posts("crm")[number - 1].Body)!;
                var isLead = post["object"]?.GetValue<string>() == "lead";
                context.Response.StatusCode = isLead && !mended ? 422 : 201;
                context.Response.ContentType = "application/json";
                if (isLead && mended)
                {
                    accepted.Add(post.ToJsonString());
                }

                await context.Response.WriteAsync($$"""{"external_id":"crm-{{number}}"}""");
            }),
            "crm-secret-of-this-very-test");
        var lead = (await tenant.PostLead())["id"]!.GetValue<string>();
        await Eventually.True(async () => await Owed(stack) is [_, var failed] && failed.Contains(" failed_at = ", StringComparison.Ordinal), "the lead alone is owed, and has failed");

        mended = true;
        var path = $"/api/tenant/{tenant.Id}/redrives";
        var redrive = await stack.Operator.Expect(HttpMethod.Post, path, new JsonObject { ["incident"] = "crm_sync_failure" }, CancellationToken.None);

        Assert.Equal(1, redrive["total"]!.GetValue<int>());
        JsonObject progress = redrive;
        await Eventually.True(
            async () =>
            {
                progress = await stack.Operator.Expect(HttpMethod.Get, $"{path}/{redrive["id"]!.GetValue<string>()}", null, CancellationToken.None);
                return progress["still_owed"]!.GetValue<int>() == 0;
            },
            "the redrive says that nothing is owed");
        Assert.Equal(("finished", 1), (progress["state"]!.GetValue<string>(), progress["redriven"]!.GetValue<int>()));
        Assert.Contains(lead, Assert.Single(accepted), StringComparison.Ordinal);
        Assert.Empty(await Owed(stack));
    }

    /// <summary>A line for each todo row, and one for each that says since when it has failed.</summary>
    private static async Task<IReadOnlyList<string>> Owed(TestStack stack) => [.. (await stack.Dump()).Where(line =>
        line.Split(' ') is ["Records", _, var row, .. var column] && row.StartsWith("todo|", StringComparison.Ordinal) && column is ([] or ["failed_at", ..]))];
}
