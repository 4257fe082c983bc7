using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// SIGKILL at every named instruction, with all of the handler in one process and with three. After each, the stack is let come to rest and
/// held to account.
/// </summary>
/// <remarks>The kill points of what does not exist yet come with it: a token rotated at its provider, a purge half done.</remarks>
[Trait("Area", "crash")]
public sealed class KillPointTests(ITestOutputHelper output)
{
    private const int CrmRecordsOfARound = 2;
    private const string CrmConnected = "after-crm-connected";

    // Reached by one call that takes the point's name.
    private const int LegsOfTheFanOut = 2;

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_settled = TimeSpan.FromMinutes(2);

    // Each with the scaling group whose process gets there.
    private static readonly (string Point, string Group)[] s_points =
    [
        (CrmConnected, "http"),
        ("after-intent", "http"),
        ("after-commit", "http"),
        ("after-unhide", "http"),
        ("after-leg-webhooks", "function:Live"),
        ("after-leg-mirror", "function:Live"),
        ("after-delivery-row", "function:Live"),
        ("after-post", "durable"),
        ("after-crm-write", "durable"),
        ("after-purge-index", "durable"),
        ("mid-turn", "durable"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Killed_at_each_named_point_the_system_keeps_its_word(int instances)
    {
        await using var stage = await CrashStage.Start(new TestStackOptions { Failpoints = true, Instances = instances, Settings = Storms.Settings }, tenants: 2, keysPerTenant: 1);
        foreach (var (point, group) in s_points)
        {
            foreach (var repeats in group == "http" && point != CrmConnected ? (bool[])[true, false] : [true])
            {
                await WriteAndKill(stage, point, group, repeats);
                await stage.UntilUp();
                await stage.Stack.Settle(s_settled);
                var faults = await new Reckoning(stage).Faults();
                Assert.True(faults.Count == 0, $"{point}, caller {(repeats ? "repeats" : "gives up")}: {string.Join('\n', faults)}");
                Assert.True(point != "after-crm-write" || Creates(stage, point) > CrmRecordsOfARound, "the CRM was asked again for what it had made");
            }
        }

        Storms.Print(stage, output);
    }

    [Fact]
    public void Every_point_of_the_source_is_killed_at()
    {
        var sources = Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Repository.Root, file) is var path && path.StartsWith("Vorel.", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .ToList();
        Assert.All(s_points, point => Assert.Contains(sources, source => source.Contains($"\"{point.Point}\"", StringComparison.Ordinal)));
        Assert.Equal(s_points.Length, sources.Sum(source => source.Split("Failpoints.Reach(\"").Length - 1) + LegsOfTheFanOut);
    }

    /// <summary>One conversation, one lead and one change of it, on the way of which some process meets the point and dies there.</summary>
    private static async Task WriteAndKill(CrashStage stage, string point, string group, bool repeats)
    {
        stage.Stack.Arm(point);
        using var writer = new Writer(stage.Stack, stage.Tenants, $"{point}-{(repeats ? "repeat" : "once")}", seed: point.Length) { Repeats = repeats ? 1 : 0, WithKey = repeats ? 1 : 0 };
        var writing = point == CrmConnected ? Connect(stage, writer) : writer.WriteOneOfEach(stage.Tenants[0]);
        int? process = null;
        await Eventually.True(() => (process = stage.Stack.Reached(point)) is not null, $"a handler reached '{point}'", s_soon);
        var handler = stage.Stack.Host.CurrentAddresses().Handlers.Single(candidate => candidate.ProcessId == process);
        Assert.True(handler.Groups.Contains(group), $"'{point}' was reached by {handler.Name}");
        stage.Kill(handler);
        await writing;
    }

    /// <summary>How many creates the CRM was asked for in a round; the reckoning has seen that each record came under one key.</summary>
    private static int Creates(CrashStage stage, string point) => stage.Crm.Bodies.Count(body =>
        body["action"]!.GetValue<string>() == "create" && body["fields"]!.ToJsonString().Contains($"-{point}-", StringComparison.Ordinal));

    /// <summary>A tenant that has written already is connected, and never told that it is.</summary>
    private static async Task Connect(CrashStage stage, Writer writer)
    {
        var tenant = await stage.NewTenant(keys: 1);
        await writer.WriteOneOfEach(tenant);
        Assert.False(await stage.Connect(tenant));
    }
}
