using System.Collections.Concurrent;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;

namespace Vorel.EndToEnd.Tests.HubSpot;

/// <summary><c>./run demo --crm hubspot</c>, without its building.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_demo_shows_the_whole_way_with_a_hubspot_that_is_signed_in_to()
    {
        var (code, lines) = await Demo("--stand-in", Path.Combine(AppContext.BaseDirectory, "Vorel.HubSpotStandIn.dll"));

        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Contains(lines, line => line.StartsWith("Allow, on the stand-in's page → callback → 200 \"HubSpot is connected\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("HubSpot: deal ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("webhook: lead.created ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("HubSpot: 401, 1 refresh, deal changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_stand_in_it_does_not_begin() => Assert.Equal(2, (await Demo()).Code);

    private static async Task<(int Code, IReadOnlyCollection<string> Lines)> Demo(params string[] arguments)
    {
        var lines = new ConcurrentQueue<string>();
        await using var demo = ChildProcess.Start(
            "dotnet",
            [Repository.HostAssembly, "demo", "--root", Repository.Root, "--app-root", Repository.Handler, "--crm", "hubspot", .. arguments],
            new Dictionary<string, string>(),
            lines.Enqueue);
        using var limit = new CancellationTokenSource(s_limit);
        return (await demo.WaitForExit(limit.Token), lines);
    }
}
