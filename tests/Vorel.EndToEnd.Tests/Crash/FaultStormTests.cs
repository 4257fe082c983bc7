using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;
using Vorel.Testing.Faults;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>Many tenants write while the storage goes from one kind of failure to the next: shedding, late, cutting connections, losing answers, gone.</summary>
[Trait("Area", "crash")]
[Collection(Storms.Name)]
public sealed class FaultStormTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whatever_the_storage_does_nothing_is_lost_and_callers_are_told_to_come_again()
    {
        var effort = Effort.Read();
        output.WriteLine($"To repeat it: {effort}");
        await using var stage = await CrashStage.Start(
            new TestStackOptions { Instances = 3, Faults = FaultsBefore.HandlerAndHub, Settings = Storms.Settings }, Storms.Tenants, Storms.KeysPerTenant);

        await Storms.Write(stage, effort, (random, enough) => Storm(stage.Stack.Faults!, random, enough));

        Storms.Print(stage, output);
        await stage.UntilUp();
        await stage.Stack.Settle(Storms.Settled);
        var answers = stage.Tenants.SelectMany(tenant => tenant.Writes).SelectMany(write => write.Answers).ToList();
        Assert.Contains(answers, answer => answer.Kind == AnswerKind.Refused);
        Assert.Empty(await new Reckoning(stage) { RefusedMayStand = true }.Faults());
    }

    [Fact]
    public async Task A_message_that_failed_ten_times_is_brought_back()
    {
        await using var stage = await CrashStage.Start(
            new TestStackOptions { Faults = FaultsBefore.Handler, Settings = Storms.Settings }, tenants: 1, keysPerTenant: 1);
        using var writer = new Writer(stage.Stack, stage.Tenants, "poisoned", seed: 1);

        // What a dispatcher asks for first; writers do not.
        using (stage.Stack.Faults!.Add(new Fault(FaultKind.Busy) { RetryAfter = TimeSpan.Zero, Matches = request => request.Method == "GET" && request.Path.Contains("outbox", StringComparison.Ordinal) }))
        {
            await writer.WriteOneOfEach(stage.Tenants[0]);
            HashSet<string> givenUp = new(StringComparer.Ordinal); // Over time: the tick brings back what is there already.
            await Eventually.True(
                async () =>
                {
                    givenUp.UnionWith((await stage.Stack.Dump()).Where(line => line.Contains("\"kind\":\"intent\"", StringComparison.Ordinal) && line.StartsWith("queue live-poison ", StringComparison.Ordinal)).Select(line => line[line.IndexOf('{', StringComparison.Ordinal)..]));
                    return givenUp.Count == stage.Tenants[0].Writes.Count;
                },
                "the host gave up the intent of each write",
                TimeSpan.FromSeconds(120));
        }

        await stage.Stack.Settle(Storms.Settled);
        Assert.All(stage.Tenants[0].Writes, write => Assert.Equal(Fate.Accepted, write.Fate));
        Assert.Empty(await new Reckoning(stage).Faults());
    }

    /// <summary>One weather after another, with a calm second between, so that every kind is met by work that began under another.</summary>
    private async Task Storm(FaultProxy storage, Random random, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using (var weather = storage.Add(Weather(random)))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000, 5000)), enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                output.WriteLine($"{weather.Fault.Service?.ToString() ?? "All"}: {weather}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Fault Weather(Random random)
    {
        var kind = (FaultKind)random.Next(4);
        var gone = kind != FaultKind.Delay && random.Next(3) == 0;
        return new Fault(kind)
        {
            Seed = random.Next(),
            Service = random.Next(3) switch { 0 => StorageService.Table, 1 => StorageService.Queue, _ => null },
            Probability = gone ? 1 : 0.1 + (random.NextDouble() * 0.4),
            Lateness = TimeSpan.FromMilliseconds(random.Next(100, 3000)),
            RetryAfter = random.Next(2) == 0 ? TimeSpan.FromSeconds(1) : null,
        };
    }
}
