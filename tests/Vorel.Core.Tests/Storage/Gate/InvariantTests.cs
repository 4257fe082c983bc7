using System.Globalization;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Retention;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Storage.Gate;

/// <summary>
/// What ADR 0003 promises of customer content, watched while the domain writes and sweeps records of every kind there is. That windows are locked and no row type is
/// without a class is held by <see cref="RowGateTests"/> and <see cref="WindowGateTests"/>.
/// </summary>
public sealed class InvariantTests
{
    [Fact]
    public async Task A_record_of_every_kind_commits_with_its_debt_to_the_CRM()
    {
        var world = new World();
        var transactions = new List<IReadOnlyList<RowWrite>>();
        world.Store.BeforeCommit = (table, writes, _) =>
        {
            if (table == RecordRow.Table)
            {
                transactions.Add(writes);
            }

            return Task.CompletedTask;
        };

        foreach (var record in await OneOfEachKind(world))
        {
            var debt = RecordKeys.TodoPrefix(record.Kind.Name, record is MessageRow message ? message.Conversation : record.Id);
            var insert = Assert.Single(transactions, writes => writes.Any(write => write is RowWrite.Insert && write.Key == record.RowKey));
            Assert.Single(insert, write => write is RowWrite.Insert && write.Key.StartsWith(debt, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Nothing_of_any_kind_goes_before_its_CRM_write_succeeded_whatever_hints_and_clocks_say()
    {
        var stage = await RetentionStage.Start();
        var records = await OneOfEachKind(stage.World);
        var before = Stored(stage.World);
        Assert.Equal(RecordKinds.All.Count, records.Count);
        foreach (var record in records)
        {
            await new PurgeHints(stage.World.Store).File(
                stage.World.Tenant, record.Kind, record is MessageRow message ? message.Conversation : record.Id, stage.World.Domain.GetUtcNow(), default);
        }

        for (var year = 0; year < 3; year++)
        {
            stage.World.Advance(TimeSpan.FromDays(365));
            Assert.Equal(new SweepReport(0, RecordKinds.All.Count, 0, More: false), await stage.Sweep());
            Assert.Equal(before, Stored(stage.World));
        }

        // It was for the CRM alone that they waited.
        foreach (var record in records)
        {
            await stage.World.Mirror.Mirror(stage.World.Tenant, record.Kind, record is MessageRow message ? message.Conversation : record.Id, default);
        }

        for (var day = 0; day < 100; day++)
        {
            stage.World.Advance(TimeSpan.FromDays(1));
            await stage.Sweep();
        }

        Assert.Empty(Stored(stage.World));
    }

    private static async Task<IReadOnlyList<RecordRow>> OneOfEachKind(World world)
    {
        var conversation = await world.Conversation();
        var start = world.Domain.GetUtcNow().AddDays(2).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var end = world.Domain.GetUtcNow().AddDays(3).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        RecordRow[] made =
        [
            conversation,
            await world.Lead(conversation),
            (await world.Create(RecordKinds.Customer, """{"phone":"+971500000001"}""")).Record,
            await world.Say(conversation, "hello"),
            (await world.Create(
                RecordKinds.Appointment,
                $$"""{"customer_name":"Ada","customer_phone":"+971500000001","scheduled_start":"{{start}}","scheduled_end":"{{end}}"}""")).Record,
            (await world.Create(RecordKinds.Case, """{"subject":"The lift is stuck"}""")).Record,
        ];
        Assert.Equal(RecordKinds.All, made.Select(record => record.Kind));
        return made;
    }

    private static string[] Stored(World world) =>
        [.. RecordKinds.All.SelectMany(kind => world.Keys(RecordKeys.Prefix(kind))).Concat(world.Keys("ix|")).Order(StringComparer.Ordinal)];
}
