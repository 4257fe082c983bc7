using Vorel.Core.Audit;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Audit;

/// <summary>What somebody with write access to the table, and without the key, can do to the log, and what verifying says of it.</summary>
[Trait("Area", "hostile")]
public sealed class AuditTamperTests
{
    private const AuditBreakKind Changed = AuditBreakKind.Changed;

    public static TheoryData<int> PageSizes => [100_000, 7, 1];

    [Theory]
    [MemberData(nameof(PageSizes))]
    public async Task A_log_that_nobody_touched_has_no_break(int pageSize)
    {
        var stage = await Busy();
        var verdict = await stage.Verify(pageSize);
        Assert.Null(verdict.First);
        Assert.Equal((stage.Rows.Count, stage.Seals.Count, 0, 0), (verdict.Rows, verdict.Seals, verdict.LateRows, verdict.LateSeals));
        Assert.Equal(Convert.ToHexStringLower((byte[])stage.Seals[^1].Columns["mac"]), verdict.LastSeal);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(5)]
    public async Task Every_column_of_every_row_that_is_changed_removed_or_of_another_type_is_named(int pageSize)
    {
        var stage = await Busy();
        foreach (var row in stage.Rows)
        {
            foreach (var (name, value) in row.Columns)
            {
                object?[] instead = [AuditStage.Flip(value), null, value is string ? 7L : "x", true, 0.5];
                foreach (var other in instead)
                {
                    var columns = new Dictionary<string, object>(row.Columns) { [name] = other! };
                    if (other is null)
                    {
                        columns.Remove(name);
                    }

                    await stage.Put(row.Key, columns);
                    Assert.Equal((row.Key, Changed), await stage.First(pageSize));
                }
            }

            await stage.Put(row.Key, new Dictionary<string, object>(row.Columns) { ["note"] = "more" });
            Assert.Equal((row.Key, Changed), await stage.First(pageSize));
            await stage.Put(row.Key, row.Columns);
        }

        Assert.Null(await stage.First(pageSize));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(5)]
    public async Task Every_row_that_is_deleted_is_named_unless_it_is_the_end_of_a_chain_that_no_seal_has_come_for(int pageSize)
    {
        var stage = await Busy();
        var (found, unseen) = (0, 0);
        foreach (var row in stage.Rows)
        {
            await stage.Delete(row.Key);
            var next = stage.Rows.Any(other => row.Columns["id"].Equals(other.Columns.GetValueOrDefault("previous")));
            var isSealed = AuditKeys.DayOf(Uuid7.TimeOf((Guid)row.Columns["id"])) < AuditKeys.DayOf(stage.World.Domain.GetUtcNow());
            (string, AuditBreakKind)? expected = next ? (row.Key, AuditBreakKind.Missing) : isSealed ? (row.Key, AuditBreakKind.CutOff) : null;
            Assert.Equal(expected, await stage.First(pageSize));
            (found, unseen) = expected is null ? (found, unseen + 1) : (found + 1, unseen);
            await stage.Put(row.Key, row.Columns);
        }

        Assert.Equal((stage.Rows.Count - 2, 2), (found, unseen));
    }

    [Fact]
    public async Task A_whole_chain_that_is_deleted_is_missed_by_the_seals()
    {
        var stage = await Busy();
        foreach (var chain in stage.Rows.GroupBy(row => (Guid)row.Columns["chain"]).Where(chain => chain.Count() > 1))
        {
            foreach (var row in chain)
            {
                await stage.Delete(row.Key);
            }

            Assert.Equal(AuditBreakKind.CutOff, (await stage.First())!.Value.Kind);
            Assert.Contains((await stage.First())!.Value.Key, chain.Select(row => row.Key));
            foreach (var row in chain)
            {
                await stage.Put(row.Key, row.Columns);
            }
        }
    }

    [Fact]
    public async Task Rows_in_each_others_places_are_named()
    {
        var stage = await Busy();
        var rows = stage.Rows;
        for (var at = 0; at + 3 < rows.Count - 4; at++)
        {
            await stage.Put(rows[at].Key, rows[at + 3].Columns);
            await stage.Put(rows[at + 3].Key, rows[at].Columns);
            Assert.Equal((rows[at].Key, AuditBreakKind.Reordered), await stage.First());
            await stage.Put(rows[at].Key, rows[at].Columns);
            await stage.Put(rows[at + 3].Key, rows[at + 3].Columns);
        }

        Assert.Null(await stage.First());
    }

    [Fact]
    public async Task A_copy_of_the_tenants_own_row_in_a_place_of_its_own_was_never_there()
    {
        var stage = await Busy();
        foreach (var row in stage.Rows)
        {
            var place = AuditKeys.Of(Beside((Guid)row.Columns["id"]));
            await stage.Put(place, row.Columns);
            Assert.Equal((place, AuditBreakKind.Inserted), await stage.First());
            await stage.Delete(place);
        }
    }

    [Fact]
    public async Task A_row_from_another_month_was_never_there()
    {
        var stage = await Busy();
        await stage.Days(31);
        await stage.Happen();
        var foreign = stage.Rows.Single(row => row.Key.StartsWith("2026-02", StringComparison.Ordinal));
        await stage.Put("2026-01" + foreign.Key[7..], foreign.Columns);
        Assert.Equal(("2026-01" + foreign.Key[7..], AuditBreakKind.Inserted), await stage.First());
    }

    [Fact]
    public async Task A_row_of_another_tenant_with_nothing_changed_is_not_this_ones()
    {
        var stage = await Busy();
        var other = await AuditStage.Start(stage.World);
        var subject = await other.Happen();
        var foreign = other.Rows.Single(row => subject.Equals(row.Columns["subject"]));
        await stage.Put(foreign.Key, foreign.Columns);
        Assert.Equal((foreign.Key, Changed), await stage.First());

        // Once the day is sealed it is plain that it never belonged here.
        await stage.Days(1);
        Assert.Equal((foreign.Key, AuditBreakKind.Inserted), await stage.First());
    }

    [Theory]
    [InlineData("2026-01|")]
    [InlineData("2026-01|x")]
    [InlineData("2026-01|ffffffffffffffffffffffffffffffff")]
    [InlineData("2026-01|00000000000000000000000000000000")]
    [InlineData("2026-01|FE64A0D3E6FF8FFFFFFFFFFFFFFFFFFF")]
    public async Task A_row_under_a_key_that_is_none_of_ours_was_never_there(string place)
    {
        var stage = await Busy();
        await stage.Put(place, stage.Rows[0].Columns);
        Assert.Equal((place, AuditBreakKind.Inserted), await stage.First());
        Assert.Equal((place, AuditBreakKind.Inserted), await stage.First(pageSize: 3));
        await new AuditReader(stage.World.Store, stage.World.AuditKey, stage.World.Clocks).List(stage.Tenant, AuditStage.Month, 100, null, default);
    }

    [Fact]
    public async Task Every_column_of_every_seal_that_is_changed_or_removed_is_named()
    {
        var stage = await Busy();
        foreach (var seal in stage.Seals)
        {
            foreach (var (name, value) in seal.Columns)
            {
                await stage.Put(seal.Key, new Dictionary<string, object>(seal.Columns) { [name] = AuditStage.Flip(value is byte[] { Length: 0 } ? new byte[1] : value) });
                Assert.Equal((seal.Key, AuditBreakKind.SealDoesNotFit), await stage.First());
                await stage.Put(seal.Key, seal.Columns.Where(column => column.Key != name).ToDictionary());
                Assert.Equal((seal.Key, AuditBreakKind.SealDoesNotFit), await stage.First());
            }

            await stage.Put(seal.Key, seal.Columns);
        }
    }

    [Fact]
    public async Task Every_seal_that_is_deleted_is_missed_once_it_has_been_gone_for_a_day()
    {
        var stage = await Busy();
        stage.World.Advance(TimeSpan.FromHours(15));
        foreach (var seal in stage.Seals.SkipLast(1))
        {
            await stage.Delete(seal.Key);
            Assert.Equal((seal.Key, AuditBreakKind.SealMissing), await stage.First());
            await stage.Put(seal.Key, seal.Columns);
        }

        var last = stage.Seals[^1];
        await stage.Delete(last.Key);
        stage.World.Advance(TimeSpan.FromDays(1));
        Assert.Equal((last.Key, AuditBreakKind.SealMissing), await stage.First());
    }

    [Fact]
    public async Task A_seal_of_another_day_or_tenant_does_not_fit()
    {
        var stage = await Busy();
        var other = await AuditStage.Start(stage.World);
        await other.Days(2);
        await stage.Put(stage.Seals[1].Key, stage.Seals[2].Columns);
        Assert.Equal((stage.Seals[1].Key, AuditBreakKind.SealDoesNotFit), await stage.First());
        await stage.Put(stage.Seals[1].Key, other.Seals[0].Columns);
        Assert.Equal((stage.Seals[1].Key, AuditBreakKind.SealDoesNotFit), await stage.First());
        await stage.Put("seal|2026-01-99", stage.Seals[2].Columns);
        Assert.Equal(AuditBreakKind.SealDoesNotFit, (await stage.First())!.Value.Kind);
    }

    [Fact]
    public async Task What_is_cut_off_together_with_its_seals_shows_by_the_seals_that_are_made_late()
    {
        var stage = await Busy();
        var (rows, seals) = (stage.Rows, stage.Seals);
        stage.World.Advance(TimeSpan.FromDays(3));
        foreach (var row in rows.Where(row => Uuid7.TimeOf((Guid)row.Columns["id"]) > stage.World.Domain.GetUtcNow().AddDays(-5)).Concat(seals.TakeLast(2)))
        {
            await stage.Delete(row.Key);
        }

        Assert.Equal((seals[^2].Key, AuditBreakKind.SealMissing), await stage.First());

        // The tick knows no better than to seal what there is, and says when.
        await stage.World.Tick.Run(stage.World.Domain.GetUtcNow(), default);
        var verdict = await stage.Verify();
        Assert.True(verdict.LateSeals >= 2);
    }

    [Fact]
    public async Task A_sealed_day_that_is_sealed_anew_no_longer_fits_the_next()
    {
        var stage = await Busy();
        var remade = new AuditSealRow(AuditKeys.SealedDay(stage.Seals[1].Key)!.Value, stage.World.Domain.GetUtcNow(), [], null).Bind(stage.World.AuditKey, stage.Tenant);
        await stage.Put(remade.RowKey, remade.ToColumns().Values);
        Assert.Equal(AuditBreakKind.SealDoesNotFit, (await stage.First())!.Value.Kind);
    }

    /// <summary>Three processes write for four days of which three are sealed.</summary>
    private static async Task<AuditStage> Busy()
    {
        var stage = await AuditStage.Start();
        AuditLog[] logs = [stage.NewLog(), stage.NewLog()];
        for (var day = 0; day < 4; day++)
        {
            for (var count = 0; count < 2; count++)
            {
                foreach (var log in logs)
                {
                    stage.World.Advance(TimeSpan.FromMilliseconds(7));
                    await stage.Happen(log);
                }
            }

            if (day < 3)
            {
                await stage.Days(1);
            }
        }

        Assert.Equal((17, 3), (stage.Rows.Count, stage.Seals.Count));
        return stage;
    }

    private static Guid Beside(Guid id)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        bytes[^1] ^= 1;
        return new Guid(bytes, bigEndian: true);
    }
}
