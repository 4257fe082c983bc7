using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Audit;

public sealed class AuditSealTests
{
    [Fact]
    public async Task Every_day_gets_one_seal_from_the_tenants_first_on_whether_or_not_anything_happened()
    {
        var stage = await AuditStage.Start();
        await stage.Days(5);
        Assert.Equal(["seal|2026-01-05", "seal|2026-01-06", "seal|2026-01-07", "seal|2026-01-08", "seal|2026-01-09"], stage.Seals.Select(seal => seal.Key));
        Assert.Equal((1, 5, 0), ((await stage.Verify()).Rows, (await stage.Verify()).Seals, (await stage.Verify()).LateSeals));
    }

    [Fact]
    public async Task A_day_is_not_sealed_before_it_has_been_over_for_an_hour()
    {
        var stage = await AuditStage.Start();
        stage.World.Advance(TimeSpan.FromHours(15) + TimeSpan.FromMinutes(59));
        await stage.World.Tick.Run(stage.World.Domain.GetUtcNow(), default);
        Assert.Empty(stage.Seals);
        stage.World.Advance(TimeSpan.FromHours(6) + TimeSpan.FromMinutes(1));
        await stage.World.Tick.Run(stage.World.Domain.GetUtcNow(), default);
        Assert.Single(stage.Seals);
    }

    [Fact]
    public async Task A_seal_is_written_once_whoever_comes_again()
    {
        var stage = await AuditStage.Start();
        await stage.Days(1);
        var before = stage.Seals[0];
        var seals = Sealer(stage);
        await seals.Run(stage.Tenant, default);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => seals.Run(stage.Tenant, default)));
        Assert.Equal((1, before.ETag), (stage.Seals.Count, stage.Seals[0].ETag));
    }

    [Fact]
    public async Task Two_that_seal_at_once_leave_one_seal_and_no_break()
    {
        var stage = await AuditStage.Start();
        stage.World.Advance(TimeSpan.FromDays(3));
        stage.World.Store.BeforeCommit = async (_, _, _) => await Task.Yield();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Sealer(stage).Run(stage.Tenant, default))));
        Assert.Equal(3, stage.Seals.Count);
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public async Task After_a_long_absence_the_days_are_caught_up_with_some_at_a_time_and_said_to_be_late()
    {
        var stage = await AuditStage.Start();
        stage.World.Advance(TimeSpan.FromDays(40));
        Assert.Equal(stage.World.Domain.GetUtcNow() + TimeSpan.FromMinutes(1), await Sealer(stage).Run(stage.Tenant, default));
        Assert.Equal(31, stage.Seals.Count);
        await Sealer(stage).Run(stage.Tenant, default);
        Assert.Equal(40, stage.Seals.Count);

        var (january, february) = (await stage.Verify(), await stage.Verify("2026-02"));
        Assert.Equal((27, 27), (january.Seals, january.LateSeals));
        Assert.Equal((13, 12), (february.Seals, february.LateSeals));
        Assert.Null(january.First);
        Assert.Null(february.First);
    }

    [Fact]
    public async Task A_row_that_comes_after_its_day_was_sealed_is_sound_and_counted()
    {
        var stage = await AuditStage.Start();
        await stage.Happen();
        stage.World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == AuditRow.Table)
            {
                stage.World.Store.BeforeCommit = null;
                await stage.Days(1);
            }
        };
        await stage.Happen();

        var verdict = await stage.Verify();
        Assert.Equal((3, 1), (verdict.Rows, verdict.LateRows));
        Assert.Null(verdict.First);
        await stage.Days(2);
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public async Task Sealing_tells_people_of_a_row_that_is_not_what_was_written()
    {
        var stage = await AuditStage.Start();
        await stage.Happen();
        await stage.Happen();
        var (first, second) = (stage.Rows[0], stage.Rows[1]);
        await stage.Put(first.Key, new Dictionary<string, object>(first.Columns) { ["actor"] = "somebody" });
        await stage.Delete(second.Key);
        await stage.Days(1);
        Assert.Equal(
            [("changed", (Guid)first.Columns["id"]), ("missing", (Guid)second.Columns["id"])],
            stage.World.Alerts.Raised.Where(alert => alert.Code == AlertCode.AuditLogBroken).Select(alert => (alert.Cause!, Guid.Parse(alert.Subject))).Order());
    }

    [Fact]
    public async Task A_tenant_whose_id_says_no_time_is_let_be()
    {
        var stage = await AuditStage.Start();
        var tenant = new Core.Tenants.TenantId(Guid.NewGuid());
        await stage.Happen(tenant: tenant);
        await stage.Days(2);
        Assert.DoesNotContain(stage.World.Store.Inner.Dump(), entry => entry.Partition == tenant.ToString() && entry.Row.Key.StartsWith("seal|", StringComparison.Ordinal));
        Assert.Null((await new AuditVerifier(stage.World.Store, stage.World.AuditKey, stage.World.Clocks).Verify(tenant, AuditStage.Month, null, default)).First);
    }

    private static AuditSeals Sealer(AuditStage stage) => new(stage.World.Store, stage.World.AuditKey, stage.World.Clocks, stage.World.Alerts);
}
