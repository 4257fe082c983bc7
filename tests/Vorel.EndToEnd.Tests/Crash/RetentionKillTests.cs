using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>SIGKILL in the middle of the retention sweep: the next one goes on, and what must stay stays.</summary>
[Trait("Area", "crash")]
public sealed class RetentionKillTests
{
    internal const string Point = "mid-purge";

    private const string CrmSecret = "crm-secret-of-this-very-test";
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_between_two_batches_the_sweep_goes_on_and_only_what_the_CRM_holds_is_gone()
    {
        await using var stack = await TestStack.Start(new TestStackOptions { Failpoints = true });
        await stack.Sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = CrmSecret }, CancellationToken.None);
        using var mirrored = await stack.NewTenant();
        await mirrored.ConnectCrm(stack.Host.Addresses.SandboxCrm().ToString(), CrmSecret);
        await mirrored.Subscribe(stack.Receiver.Url("sub", 200), "lead.created");
        using var without = await stack.NewTenant();
        await mirrored.PostLead();
        await without.PostLead();
        await Eventually.True(async () => !Mine(await stack.Dump(), mirrored, $"{mirrored.Id} todo|", $"{mirrored.Id} outbox|").Any(), "the CRM holds both records", s_soon);
        await Eventually.True(() => stack.Receiver.Posts("sub").Count == 1, "the webhook arrived", s_soon);
        Assert.Equal(4, Rows(await stack.Dump(), mirrored));
        var before = Lasting(await stack.Dump());
        stack.Arm(Point);

        await stack.Advance(TimeSpan.FromDays(31));
        int? process = null;
        await Eventually.True(() => (process = stack.Reached(Point)) is not null, "the sweep has deleted a first batch", s_soon);
        Assert.Equal(2, Rows(await stack.Dump(), mirrored));
        using (var killed = System.Diagnostics.Process.GetProcessById(process!.Value))
        {
            killed.Kill();
        }

        await Eventually.True(
            () => stack.Host.CurrentAddresses().Handlers.All(handler => handler.State == HandlerState.Running && handler.ProcessId != process), "the handler is up again", s_soon);
        await stack.Advance(TimeSpan.FromHours(1));
        await Eventually.True(async () => Rows(await stack.Dump(), mirrored) == 0, "all that the CRM holds is gone", s_soon);
        await Eventually.True(async () => !(await stack.Dump()).Any(line => line.StartsWith("PurgeIndex ", StringComparison.Ordinal)), "the hints went last", s_soon);
        await Eventually.True(async () => !(await stack.Dump()).Any(line => line.StartsWith("Payloads", StringComparison.Ordinal)), "the day's payloads are dropped", s_soon);

        var after = await stack.Dump();
        Assert.Equal(4, Rows(after, without));
        Assert.Empty(before.Except(after));
        Assert.Contains(after, line => line.StartsWith($"AuditLog {mirrored.Id} ", StringComparison.Ordinal) && line.EndsWith("_purged = 1", StringComparison.Ordinal));
        Assert.DoesNotContain(after, line => line.StartsWith($"AuditLog {without.Id} ", StringComparison.Ordinal) && line.Contains("_purged", StringComparison.Ordinal));
    }

    /// <summary>How many records and index rows the tenant has.</summary>
    private static int Rows(IReadOnlyList<string> dump, TestTenant tenant) =>
        dump.Count(line => line.Split(' ') is ["Records", var owner, var row] && owner == tenant.Id && IsRecord(row));

    private static bool IsRecord(string row) => row.Split('|')[0] is "conversation" or "lead" or "ix";

    private static IEnumerable<string> Mine(IReadOnlyList<string> dump, TestTenant tenant, params string[] what) =>
        dump.Where(line => line.Contains(tenant.Id, StringComparison.Ordinal) && what.Any(part => line.Contains(part, StringComparison.Ordinal)));

    /// <summary>The rows that no window ends: what is configured, what was delivered, what the CRM is owed.</summary>
    private static IReadOnlyList<string> Lasting(IReadOnlyList<string> dump) =>
        [.. dump.Where(line => 
            line.Split(' ') is [var table, _, var row]
            && !table.StartsWith("Payloads", StringComparison.Ordinal)
            && table is not ("PurgeIndex" or "Due" or "Redrives" or "queue")
            && (table != "Records" || row.StartsWith("todo|", StringComparison.Ordinal)))];
}
