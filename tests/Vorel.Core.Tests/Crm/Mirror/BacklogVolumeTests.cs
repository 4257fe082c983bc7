using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Xunit.Abstractions;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>2,000 records that wait for a CRM which was away, and takes ten calls in any second.</summary>
public sealed class BacklogVolumeTests(ITestOutputHelper output)
{
    private const int Records = 2000;
    private const int Limit = 10;

    /// <param name="published">What the driver says that the CRM takes in a second.</param>
    /// <param name="processes">How many write at once.</param>
    /// <param name="refusedShare">The share of calls that may be one too many.</param>
    /// <param name="seconds">How long it may take by the clocks of the test.</param>
    [Theory]
    [InlineData(10, 1, 0, 600)]
    [InlineData(50, 1, 0.2, 1000)]
    [InlineData(10, 3, 0.1, 800)]
    public Task A_backlog_drains_within_the_limit_at_a_cost_that_does_not_grow(int published, int processes, double refusedShare, int seconds) => Task.Run(async () =>
    {
        var world = new World();
        world.Crm.Capabilities = world.Crm.Capabilities with { Rate = new CrmRate(published, TimeSpan.FromSeconds(1)) };
        var drain = new Drain(world, Limit, processes) { IsAway = true };
        await world.Connect();
        for (var i = 0; i < Records / 2; i++)
        {
            var conversation = await world.Conversation($"customer {i}");
            drain.Add(conversation);
            drain.Add(await world.Lead(conversation));
        }

        await drain.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(0, world.Crm.Records);

        // It is back, and all that waits for a late next try wakes at once.
        drain.IsAway = false;
        world.Domain.Advance(TimeSpan.FromHours(2));
        var (began, activities, calls, unfinished) = (world.Real.GetUtcNow(), drain.Activities, world.Plan.Calls, drain.Unfinished);
        await drain.Run(TimeSpan.FromSeconds(seconds));
        var took = world.Real.GetUtcNow() - began;
        var storage = (double)(world.Plan.Calls - calls - drain.Taken.Count - drain.Refused) / Records;
        var polls = (double)(drain.Activities - activities) / Records;
        var peak = drain.Taken.Max(first => drain.Taken.Count(call => call >= first && call < first + TimeSpan.FromSeconds(10)));
        output.WriteLine(
            $"{published}/s published, {processes} processes: {world.Crm.Records} records in {took.TotalSeconds:F0} s; {drain.Refused} calls refused of {drain.Taken.Count + drain.Refused}; "
            + $"at most {peak} in 10 s; a record took {polls:F1} activities and {storage:F1} storage requests; {drain.Unfinished - unfinished} runs unfinished; {drain.MostAtOnce} at once");

        Assert.True(drain.IsDone);
        Assert.Equal(Records, world.Crm.Records);
        Assert.Equal(Records, drain.Taken.Count);
        Assert.Empty(world.Keys("todo|"));
        Assert.InRange(peak, 1, Limit * 10);
        Assert.InRange(drain.Refused / (double)Records, 0, refusedShare);
        Assert.InRange(drain.MostAtOnce, 1, 16 * processes);
        Assert.InRange(storage, 1, 25);
        Assert.InRange(polls, 1, 8);
    });
}
