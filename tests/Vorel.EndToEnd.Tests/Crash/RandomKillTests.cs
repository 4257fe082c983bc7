using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// Many tenants write while a random process, handler or host, is killed every few seconds. The seed decides who writes what and who dies when;
/// the machine decides what they were at. So a replay repeats the schedule, not the instruction.
/// </summary>
[Trait("Area", "crash")]
[Collection(Storms.Name)]
public sealed class RandomKillTests(ITestOutputHelper output)
{
    private const double HostDies = 0.15;

    [Fact]
    public async Task Whatever_dies_and_whenever_all_that_was_accepted_arrives_once_and_nothing_that_was_refused()
    {
        var effort = Effort.Read();
        output.WriteLine($"To repeat it: {effort}");
        await using var stage = await CrashStage.Start(new TestStackOptions { Instances = 3, Settings = Storms.Settings }, Storms.Tenants, Storms.KeysPerTenant);

        var kills = (Handlers: 0, Hosts: 0);
        await Storms.Write(stage, effort, async (random, enough) => kills = await Kill(stage, random, enough));
        output.WriteLine($"{kills.Handlers} kills of handlers, {kills.Hosts} of the host");
        Assert.True(kills.Handlers > 0);

        await stage.UntilUp();
        await stage.Stack.Settle(Storms.Settled);
        Storms.Print(stage, output);
        Assert.Empty(await new Reckoning(stage).Faults());
    }

    private static async Task<(int Handlers, int Hosts)> Kill(CrashStage stage, Random random, CancellationToken enough)
    {
        var (handlers, hosts) = (0, 0);
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000, 4000)), enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (enough.IsCancellationRequested)
            {
                return (handlers, hosts);
            }

            var victim = random.NextDouble();
            if (victim < HostDies)
            {
                await stage.KillHost();
                hosts++;
            }
            else
            {
                var alive = stage.Stack.Host.CurrentAddresses().Handlers.Where(handler => handler.State == HandlerState.Running).ToList();
                alive.Skip((int)(victim * 100) % Math.Max(1, alive.Count)).Take(1).ToList().ForEach(stage.Kill);
                handlers += Math.Min(1, alive.Count);
            }
        }
    }
}
