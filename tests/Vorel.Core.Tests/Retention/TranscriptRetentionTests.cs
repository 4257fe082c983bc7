using System.Text.Json;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>Messages go after their seven days, batch by batch as the CRM got them, and their conversation after its own window.</summary>
public sealed class TranscriptRetentionTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Messages_go_seven_days_after_the_CRM_got_them_and_those_it_lacks_stay()
    {
        var stage = await RetentionStage.Start();
        var conversation = await stage.Mirrored();
        await Say(stage, conversation, 3);
        await Mirror(stage, conversation);
        stage.World.Advance(TimeSpan.FromDays(2));
        await Say(stage, conversation, 2);
        await Mirror(stage, conversation);
        await Say(stage, conversation, 1);

        stage.World.Advance(TimeSpan.FromDays(5) - s_hour);
        Assert.Equal(0, (await stage.Sweep()).Purged);
        stage.World.Advance(s_hour + s_hour);
        Assert.Equal(3, (await stage.Sweep()).Purged);
        Assert.Equal([4L, 5L, 6L], Numbers(stage));

        stage.World.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, (await stage.Sweep()).Purged);
        stage.World.Advance(TimeSpan.FromDays(400));
        Assert.Equal([6L], Numbers(stage));
        await Mirror(stage, conversation);
        stage.World.Advance(TimeSpan.FromDays(7) + s_hour);
        await stage.Sweep();
        Assert.Empty(Numbers(stage));
        Assert.Empty(stage.Hints);
        Assert.Empty(stage.Rows);
    }

    [Fact]
    public async Task A_conversation_outlives_its_last_message_by_its_own_window()
    {
        var stage = await RetentionStage.Start();
        var conversation = await stage.Mirrored();
        stage.World.Advance(TimeSpan.FromDays(29));
        await Say(stage, conversation, 1);
        await Mirror(stage, conversation);
        stage.World.Advance(TimeSpan.FromDays(8));

        Assert.Equal(new SweepReport(1, 1, 0, More: false), await stage.Sweep());
        Assert.Equal([conversation.RowKey], stage.World.Keys("conversation|"));
        stage.World.Advance(TimeSpan.FromDays(22) + s_hour);
        Assert.Equal(1, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_message_that_is_appended_while_the_sweep_deletes_its_conversation_keeps_it()
    {
        var stage = await RetentionStage.Start();
        var conversation = await stage.Mirrored();
        stage.World.Advance(RetentionStage.Window + s_hour);
        using var message = JsonDocument.Parse("""{"role":"customer","content":"still here"}""");
        var behind = new World(stage.World.Store.Inner);
        behind.Domain.Advance(TimeSpan.FromDays(29));
        stage.World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == RecordRow.Table)
            {
                stage.World.Store.BeforeCommit = null;
                await behind.Transcripts.Append(stage.World.Tenant, conversation.Id.ToString("D"), message.RootElement, null, default);
            }
        };

        Assert.Equal(new SweepReport(0, 1, 0, More: false), await stage.Sweep());
        Assert.Equal([1L], Numbers(stage));
        Assert.Equal([conversation.RowKey], stage.World.Keys("conversation|"));
    }

    [Fact]
    public async Task Of_many_conversations_all_messages_go_in_few_requests()
    {
        var stage = await RetentionStage.Start();
        for (var number = 0; number < 60; number++)
        {
            var conversation = await stage.Mirrored($"visitor-{number}");
            await Say(stage, conversation, 3);
            await Mirror(stage, conversation);
        }

        stage.World.Advance(TimeSpan.FromDays(7) + s_hour);
        var calls = stage.World.Plan.Calls;
        Assert.Equal(180, (await stage.Sweep()).Purged);

        Assert.Empty(Numbers(stage));
        Assert.InRange(stage.World.Plan.Calls - calls, 8, 18);
    }

    private static IReadOnlyList<long> Numbers(RetentionStage stage) =>
        [.. stage.World.Keys("message|").Select(key => long.Parse(key.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture)).Order()];

    private static async Task Say(RetentionStage stage, RecordRow conversation, int messages)
    {
        for (var number = 0; number < messages; number++)
        {
            await stage.World.Say(conversation, $"message {number}");
        }
    }

    private static Task<MirrorStep> Mirror(RetentionStage stage, RecordRow conversation) =>
        stage.World.Mirror.Mirror(stage.World.Tenant, RecordKinds.Message, conversation.Id, default);
}
