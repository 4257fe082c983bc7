using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

public sealed class IdempotencyPurgeTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_key_is_remembered_for_its_day_and_goes_with_the_row_of_its_end_within_an_hour()
    {
        var stage = await RetentionStage.Start();
        var first = await Use(stage, "key-1", "1");
        Assert.Equal((1, 1), (stage.World.Keys("idem|").Count, stage.World.Keys("idemx|").Count));
        stage.World.Advance(s_day - TimeSpan.FromSeconds(1));
        await stage.Sweep();
        Assert.Equal(first.Id, (await Use(stage, "key-1", "1")).Id);

        stage.World.Advance(s_hour + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await stage.Sweep()).Purged);

        Assert.Empty(stage.World.Keys("idem"));
        Assert.Empty(stage.Hints);
        Assert.Equal(["retention.swept idem_purged=1"], await stage.Audit());
    }

    [Fact]
    public async Task Keys_of_offerings_go_from_their_own_table_too()
    {
        var stage = await RetentionStage.Start();
        await Use(stage, "key-1", "1");
        await stage.World.Create(RecordKinds.Offering, """{"title":"Villa","price":1.50}""", "key-1");
        Assert.Equal(2, stage.World.Store.Inner.Dump().Count(entry => entry.Table == "Offerings" && entry.Row.Key.StartsWith("idem", StringComparison.Ordinal)));

        stage.World.Advance(s_day + s_hour);
        Assert.Equal(2, (await stage.Sweep()).Purged);

        Assert.Empty(stage.World.Keys("idem"));
        Assert.Single(stage.World.Keys("offering|"));
    }

    [Fact]
    public async Task A_process_files_one_hint_for_a_tenant_and_an_hour()
    {
        var stage = await RetentionStage.Start();
        var filed = 0;
        stage.World.Store.BeforeCommit = (table, _, _) =>
        {
            filed += table == "PurgeIndex" ? 1 : 0;
            return Task.CompletedTask;
        };
        for (var number = 0; number < 6; number++)
        {
            await Use(stage, $"key-{number}", $"{number}");
            stage.World.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.Equal(2, filed);
        Assert.Equal(2, stage.Hints.Count);
    }

    [Fact]
    public async Task A_key_that_is_used_anew_after_its_day_is_kept_for_its_new_day()
    {
        var stage = await RetentionStage.Start();
        await Use(stage, "key-1", "1");
        stage.World.Advance(s_day);
        var second = await Use(stage, "key-1", "2");
        Assert.Single(stage.World.Keys("idemx|"));
        stage.World.Advance(s_hour);
        Assert.Equal(0, (await stage.Sweep()).Purged);
        Assert.Equal(second.Id, (await Use(stage, "key-1", "2")).Id);

        stage.World.Advance(s_day);
        Assert.Equal(1, (await stage.Sweep()).Purged);
        Assert.Empty(stage.World.Keys("idem"));
    }

    [Fact]
    public async Task A_key_that_is_used_anew_while_the_sweep_deletes_keeps_its_new_use_and_the_others_go()
    {
        var stage = await RetentionStage.Start();
        for (var number = 0; number < 3; number++)
        {
            await Use(stage, $"key-{number}", $"{number}");
        }

        stage.World.Advance(s_day + s_hour);
        var raced = false;
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (!raced && table == RecordRow.Table && writes.All(write => write is RowWrite.Delete))
            {
                raced = true;
                await Use(stage, "key-1", "another");
            }
        };
        await stage.Sweep();

        Assert.True(raced);
        Assert.Single(stage.World.Keys("idem|"));
        Assert.Single(stage.World.Keys("idemx|"));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => Use(stage, "key-1", "1"));
    }

    [Fact]
    public async Task A_write_that_takes_over_a_key_just_as_the_sweep_removes_it_succeeds()
    {
        var stage = await RetentionStage.Start();
        await Use(stage, "key-1", "1");
        stage.World.Advance(s_day + s_hour);
        var swept = false;
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (!swept && table == RecordRow.Table && writes.Any(write => write is RowWrite.Replace && write.Key.StartsWith("idem|", StringComparison.Ordinal)))
            {
                swept = true;
                await stage.Sweep();
            }
        };

        await Use(stage, "key-1", "2");

        Assert.True(swept);
        Assert.Equal((1, 1), (stage.World.Keys("idem|").Count, stage.World.Keys("idemx|").Count));
    }

    [Fact]
    public async Task More_keys_than_a_batch_takes_all_go_and_those_of_the_running_hour_stay()
    {
        var stage = await RetentionStage.Start();
        for (var number = 0; number < 120; number++)
        {
            await Use(stage, $"old-{number}", $"old-{number}");
        }

        stage.World.Advance(s_hour);
        await Use(stage, "new", "new");
        stage.World.Advance(s_day);

        Assert.Equal(120, (await stage.Sweep()).Purged);
        Assert.Equal((1, 1), (stage.World.Keys("idem|").Count, stage.World.Keys("idemx|").Count));
    }

    private static async Task<RecordRow> Use(RetentionStage stage, string key, string identifier) =>
        (await stage.World.Create(RecordKinds.Conversation, $$"""{"channel":"voice","customer_identifier":"{{identifier}}"}""", key)).Record;
}
