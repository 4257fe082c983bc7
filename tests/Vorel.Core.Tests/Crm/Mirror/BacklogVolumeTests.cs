using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Fakes;
using Xunit.Abstractions;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>Records that wait for a CRM which was away, and takes ten calls in any second.</summary>
public sealed class BacklogVolumeTests(ITestOutputHelper output)
{
    private const int Limit = 10;

    /// <param name="records">How many wait: what one of them costs may not grow with that.</param>
    /// <param name="published">What the driver says that the CRM takes in a second.</param>
    /// <param name="processes">How many write at once.</param>
    /// <param name="refusedShare">The share of calls that may be one too many.</param>
    [Theory]
    [InlineData(500, 10, 1, 0)]
    [InlineData(2000, 10, 1, 0)]
    [InlineData(500, 50, 1, 0.1)]
    [InlineData(2000, 50, 1, 0.05)]
    [InlineData(500, 10, 3, 0.1)]
    [InlineData(2000, 10, 3, 0.05)]
    public Task A_backlog_drains_within_the_limit_at_a_cost_that_does_not_grow(int records, int published, int processes, double refusedShare) => Task.Run(async () =>
    {
        var world = new World();
        world.Crm.Capabilities = world.Crm.Capabilities with { Rate = new CrmRate(published, TimeSpan.FromSeconds(1)) };
        var drain = new Drain(world, processes);
        var crm = new LimitedCrm(world, world.Crm, Limit) { IsAway = true };
        await world.Connect();
        for (var i = 0; i < records / 2; i++)
        {
            var conversation = await world.Conversation($"customer {i}");
            drain.Add(conversation);
            drain.Add(await world.Lead(conversation));
        }

        await drain.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(0, world.Crm.Records);

        // It is back, and all that waits for a late next try wakes at once.
        crm.IsAway = false;
        world.Domain.Advance(TimeSpan.FromHours(2));
        var ideal = TimeSpan.FromSeconds(records / (Limit * 0.9));
        var (began, activities, calls) = (world.Real.GetUtcNow(), drain.Activities, world.Plan.Calls);
        await drain.Run(ideal * 2);
        var took = world.Real.GetUtcNow() - began;
        var storage = (double)(world.Plan.Calls - calls - crm.Taken.Count - crm.Refused) / records;
        var polls = (double)(drain.Activities - activities) / records;
        var peak = CallLimit.Most(crm.Taken, TimeSpan.FromSeconds(10));
        output.WriteLine(
            $"{published}/s published, {processes} processes: {world.Crm.Records} records in {took.TotalSeconds:F0} s, {ideal.TotalSeconds:F0} s would be ideal; {crm.Refused} calls refused of {crm.Taken.Count + crm.Refused}; "
            + $"at most {peak} in 10 s; a record took {polls:F1} activities and {storage:F1} storage requests; {drain.MostAtOnce} at once");

        Assert.True(drain.IsDone);
        Assert.Equal(records, world.Crm.Records);
        Assert.Equal(records, crm.Taken.Count);
        Assert.Empty(world.Keys("todo|"));
        Assert.InRange(peak, 1, Limit * 10);
        Assert.InRange(crm.Refused / (double)records, 0, refusedShare);
        Assert.InRange(drain.MostAtOnce, 1, 16 * processes);
        Assert.InRange(took / ideal, 1, 1.6);
        Assert.InRange(storage, 1, 15);
        Assert.InRange(polls, 1, 4.5);
    });

    /// <param name="refuses">The system that answers 429 to everything.</param>
    [Theory]
    [InlineData(CrmRole.Archive)]
    [InlineData(CrmRole.Main)]
    public Task Of_a_crm_and_its_archive_one_that_refuses_all_does_not_slow_the_other(CrmRole refuses) => Task.Run(async () =>
    {
        const int Each = 300;
        var world = new World();
        var archive = world.CrmAt("archive.example.com");
        await world.Connect();
        await world.Connect("https://archive.example.com/in", CrmRole.Archive);
        var rate = new CrmRate(Limit, TimeSpan.FromSeconds(1));
        world.Crm.Capabilities = new CrmCapabilities(new HashSet<CrmObject> { CrmObject.Conversation }, CanRead: false, Deletes: null, rate);
        archive.Capabilities = archive.Capabilities with { Rate = rate };
        var (stuck, works) = refuses == CrmRole.Main ? (world.Crm, archive) : (archive, world.Crm);
        var (never, crm) = (new LimitedCrm(world, stuck, limit: 0), new LimitedCrm(world, works, Limit));
        var drain = new Drain(world);
        for (var i = 0; i < Each; i++)
        {
            drain.Add(await world.Conversation($"customer {i}"));
            drain.Add((await world.Create(RecordKinds.Customer, $$"""{"external_id":"{{i}}"}""")).Record);
        }

        await drain.Run(TimeSpan.FromMinutes(2));
        var took = crm.Taken[^1] - crm.Taken[0];
        output.WriteLine($"{crm.Taken.Count} taken in {took.TotalSeconds:F0} s and {crm.Refused} refused; the other refused {never.Refused}");
        Assert.Equal(Each, crm.Taken.Count);
        Assert.Equal(Each, works.Records);
        Assert.Equal(0, crm.Refused);
        Assert.InRange(took.TotalSeconds, Each / Limit, Each / Limit * 1.4);
        Assert.InRange(never.Refused, 2, 10);
    });

    [Fact]
    public Task Another_tenants_record_does_not_wait_for_the_end_of_a_drain() => Task.Run(async () =>
    {
        const int Many = 500;
        var world = new World();
        var other = TenantId.New(TimeProvider.System);
        await world.Connect();
        await world.Connecting.ConnectCustomWebhook(other, CrmRole.Main, "https://other.example.com/in", null, AuditActor.System, default);
        world.Crm.Capabilities = world.Crm.Capabilities with { Rate = new CrmRate(Limit, TimeSpan.FromSeconds(1)) };
        var (crm, others) = (new LimitedCrm(world, world.Crm, Limit), new LimitedCrm(world, world.CrmAt("other.example.com"), Limit));
        var drain = new Drain(world);
        for (var i = 0; i < Many; i++)
        {
            drain.Add(await world.Conversation($"customer {i}"));
        }

        await drain.Run(TimeSpan.FromSeconds(20));
        Assert.InRange(crm.Taken.Count, 100, Many / 2);
        drain.Add((await world.Create(RecordKinds.Conversation, """{"channel":"whatsapp","customer_identifier":"other"}""", tenant: other)).Record, other);
        await drain.Run(TimeSpan.FromSeconds(1));
        Assert.Single(others.Taken);
        Assert.InRange(crm.Taken.Count, 100, Many / 2);
    });
}
