using System.Text.RegularExpressions;
using Vorel.EndToEnd.Tests.HubSpot;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// SIGKILL at every named instruction, with all of the handler in one process and with three. After each, the stack is let come to rest and
/// held to account.
/// </summary>
/// <remarks>A token rotated at its provider is <see cref="TokenKillTests"/>', a purge half done <see cref="RetentionKillTests"/>'.</remarks>
[Trait("Area", "crash")]
public sealed partial class KillPointTests(ITestOutputHelper output)
{
    private const int WritesOfARound = 3;
    private const string CrmConnected = "after-crm-connected";

    // Reached by one call that takes the point's name.
    private static readonly string[] s_legs = ["after-leg-webhooks", "after-leg-mirror"];

    // Each in a test of its own.
    private static readonly string[] s_elsewhere = [RetentionKillTests.Point, TokenKillTests.Point];

    // Every round waits for what is to appear by itself.
    private static readonly Dictionary<string, string> s_settings = new(Storms.Settings, StringComparer.Ordinal)
    {
        ["Vorel__IntentDelay"] = "00:00:03",
        ["Vorel__CommitBudget"] = "00:00:02",
        ["Vorel__MirrorCheckDelay"] = "00:00:01",
    };

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
        await using var stage = await CrashStage.Start(new TestStackOptions { Failpoints = true, Instances = instances, Settings = s_settings }, tenants: 2, keysPerTenant: 1);
        foreach (var (point, group) in s_points)
        {
            foreach (var repeats in group == "http" && point != CrmConnected ? (bool[])[true, false] : [true])
            {
                await WriteAndKill(stage, point, group, repeats);
                await stage.UntilUp();
                await stage.Stack.Settle(s_settled);
                var faults = await new Reckoning(stage).Faults();
                Assert.True(faults.Count == 0, $"{point}, caller {(repeats ? "repeats" : "gives up")}: {string.Join('\n', faults)}");
                Assert.True(point != "after-crm-write" || CrmPosts(stage, point) > WritesOfARound, "the CRM was not asked again for what it had done");
            }
        }

        Storms.Print(stage, output);
    }

    [Fact]
    public void Every_point_of_the_source_is_killed_at()
    {
        var reached = Directory.EnumerateDirectories(Repository.Root, "Vorel.*")
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Reached().Matches(File.ReadAllText(file)).Select(match => match.Groups["point"].Value))
            .Concat(s_legs)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Equal(reached.Except(s_elsewhere, StringComparer.Ordinal).Order(StringComparer.Ordinal), s_points.Select(point => point.Point).Order(StringComparer.Ordinal));
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

    /// <summary>How many posts of a round's writes came to the CRM; the reckoning has seen that they made each record once.</summary>
    private static int CrmPosts(CrashStage stage, string point) =>
        stage.Crm.Bodies.Count(body => body["fields"]?.ToJsonString().Contains($"-{point}-", StringComparison.Ordinal) == true);

    /// <summary>A tenant that has written already is connected, and never told that it is.</summary>
    private static async Task Connect(CrashStage stage, Writer writer)
    {
        var tenant = await stage.NewTenant(keys: 1);
        await writer.WriteOneOfEach(tenant);
        Assert.False(await stage.Connect(tenant));
    }

    [GeneratedRegex("Failpoints\\.Reach\\(\"(?<point>[a-z-]+)\"\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reached();
}
