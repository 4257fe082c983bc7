using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>A conversation past its window stays as long as the CRM lacks messages of it, which are written under it.</summary>
public sealed class OwedConversationTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task It_stays_while_a_message_is_owed_and_goes_within_a_day_after_the_CRM_has_all()
    {
        var stage = await RetentionStage.Start();
        var conversation = await stage.Mirrored();
        await stage.World.Say(conversation, "hello");
        await stage.Mirrored("other");
        stage.World.Advance(TimeSpan.FromDays(45));

        Assert.Equal(new SweepReport(1, 1, 0, More: false), await stage.Sweep());
        for (var day = 0; day < 60; day += 20)
        {
            stage.World.Advance(TimeSpan.FromDays(20));
            Assert.Equal(new SweepReport(0, 1, 0, More: false), await stage.Sweep());
            Assert.Equal([conversation.RowKey], stage.World.Keys("conversation|"));
            Assert.Single(stage.World.Keys("ix|"));
        }

        await Mirror(stage, conversation);
        Assert.Empty(stage.World.Keys("todo|"));
        stage.World.Advance(TimeSpan.FromDays(1) + s_hour);
        Assert.Equal(new SweepReport(1, 0, 0, More: false), await stage.Sweep());
        stage.World.Advance(TimeSpan.FromDays(6));
        Assert.Equal(1, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.World.Keys("message|"));
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_customer_who_comes_back_gets_a_conversation_and_the_old_one_stays_for_its_messages()
    {
        var stage = await RetentionStage.Start();
        var old = await stage.Mirrored("returning");
        await stage.World.Say(old, "hello");
        stage.World.Advance(TimeSpan.FromDays(45));

        var next = await stage.World.Conversation("returning");
        Assert.Equal([next.RowKey, old.RowKey], stage.World.Keys("conversation|"));
        await Assert.ThrowsAsync<Errors.NotFoundException>(() => stage.World.Reader.Get(stage.World.Tenant, old.Kind, old.Id.ToString("D"), default));
        await stage.Sweep();
        Assert.Equal([next.RowKey, old.RowKey], stage.World.Keys("conversation|"));

        await Mirror(stage, old);
        await stage.Mirror(next);
        stage.World.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, (await stage.Sweep()).Purged);

        // What made the old one unique is the new one's.
        Assert.Equal([next.RowKey], stage.World.Keys("conversation|"));
        Assert.Single(stage.World.Keys("ix|"));
        await Assert.ThrowsAsync<Errors.ConflictException>(() => stage.World.Conversation("returning"));
        stage.World.Advance(TimeSpan.FromDays(23));
        Assert.Equal(1, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_message_that_comes_between_the_look_at_the_debts_and_the_delete_keeps_it()
    {
        var stage = await RetentionStage.Start();
        var conversation = await stage.Mirrored();
        stage.World.Advance(TimeSpan.FromDays(45));

        // By a process whose clock is so far behind that even then the window would be over.
        var behind = new World(stage.World.Store.Inner);
        var said = false;
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (!said && table == RecordRow.Table && writes.Any(write => write.Key == conversation.RowKey))
            {
                said = true;
                using var message = System.Text.Json.JsonDocument.Parse("""{"role":"customer","content":"still here"}""");
                await behind.Transcripts.Append(stage.World.Tenant, conversation.Id.ToString("D"), message.RootElement, null, default);
            }
        };

        Assert.Equal(new SweepReport(0, 1, 0, More: false), await stage.Sweep());
        Assert.True(said);
        Assert.Equal([conversation.RowKey], stage.World.Keys("conversation|"));
        Assert.Single(stage.World.Keys("message|"));
    }

    [Fact]
    public async Task The_debts_of_a_hundred_and_twenty_due_conversations_take_one_request()
    {
        var stage = await RetentionStage.Start();
        var talkative = new List<RecordRow>();
        for (var number = 0; number < 120; number++)
        {
            var conversation = await stage.Mirrored($"visitor-{number}");
            if (number % 40 == 0)
            {
                await stage.World.Say(conversation, "hello");
                talkative.Add(conversation);
            }
        }

        stage.World.Advance(TimeSpan.FromDays(30) + s_hour);
        var calls = stage.World.Plan.Calls;
        Assert.Equal(new SweepReport(117, 3, 0, More: false), await stage.Sweep());
        Assert.Equal(talkative.Select(record => record.RowKey).Order(), stage.World.Keys("conversation|").Order());

        // The marks, read and written; four shards; the records; the debts; three deletes; the audit row; the hints: three filed, 120 away.
        Assert.InRange(stage.World.Plan.Calls - calls, 2 + 4 + 1 + 1 + 3 + 1 + 2, 2 + 4 + 1 + 1 + 3 + 1 + 4);
    }

    [Fact]
    public async Task A_row_that_names_another_record_than_its_key_stays()
    {
        var stage = await RetentionStage.Start();
        var swapped = await stage.Mirrored("swapped");
        var partition = Partition.Of(stage.World.Tenant);
        var row = (await stage.World.Store.Get(RecordRow.Table, partition, swapped.RowKey, default))!;
        await stage.World.Store.Commit(
            RecordRow.Table, partition, new RowWrite.Replace(row.Key, "*", new Dictionary<string, object>(row.Columns) { ["id"] = stage.World.Ids.Next() }), default);
        stage.World.Advance(TimeSpan.FromDays(30) + s_hour);

        Assert.Equal(new SweepReport(0, 0, 1, More: false), await stage.Sweep());
        Assert.Equal([swapped.RowKey], stage.World.Keys("conversation|"));
    }

    private static Task<Core.Crm.Mirror.MirrorStep> Mirror(RetentionStage stage, RecordRow conversation) =>
        stage.World.Mirror.Mirror(stage.World.Tenant, RecordKinds.Message, conversation.Id, default);
}
