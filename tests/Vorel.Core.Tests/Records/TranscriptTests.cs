using System.Text;
using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Records;

public sealed class TranscriptTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Messages_are_numbered_from_one_and_read_oldest_first()
    {
        var conversation = await _world.Conversation();
        var other = await _world.Conversation("+971500000002");
        await _world.Say(conversation, "a");
        await _world.Say(other, "x");
        await _world.Say(conversation, "b");
        await _world.Say(conversation, "c");

        Assert.Equal(["1 a", "2 b", "3 c"], await Read(conversation, 100, 0));
        Assert.Equal(["1 a", "2 b"], await Read(conversation, 2, 0));
        Assert.Equal(["3 c"], await Read(conversation, 2, 2));
        Assert.Empty(await Read(conversation, 2, 3));
        Assert.Equal(["1 x"], await Read(other, 100, 0));
    }

    [Fact]
    public async Task A_message_reads_as_it_was_appended()
    {
        var conversation = await _world.Conversation();
        var answer = await _world.Append(conversation, """
            {"role":"tool","content":"مرحبا","content_translated":"hello","language":"mixed","media_url":"https://media.example.com/1.ogg","tool_payload":{"source":"public_api","ok":true,"none":null}}
            """);
        Assert.Equal(201, answer.Status);
        Assert.Equal(
            $$$"""{"id":"{{{answer.Record.Id:D}}}","conversation_id":"{{{conversation.Id:D}}}","sequence_number":1,"role":"tool","content":"\u0645\u0631\u062D\u0628\u0627","content_translated":"hello","language":"mixed","media_url":"https://media.example.com/1.ogg","tool_payload":{"source":"public_api","ok":true,"none":null},"created_at":"2026-01-05T09:00:00.000Z"}""",
            Encoding.UTF8.GetString(RecordJson.Write(Assert.Single(await _world.Transcripts.Read(_world.Tenant, conversation.Id.ToString("D"), 10, 0, default)))));
    }

    [Fact]
    public async Task Nulls_count_in_the_size_of_a_tool_payload()
    {
        var conversation = await _world.Conversation();
        var nulls = string.Join(',', Enumerable.Range(0, 4000).Select(number => $"\"{number}\":null"));
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Append(conversation, $$"""{"role":"tool","tool_payload":{ {{nulls}} } }"""));
        Assert.Equal("/tool_payload", Assert.Single(exception.Errors).Pointer);
    }

    [Fact]
    public async Task A_message_says_something()
    {
        var conversation = await _world.Conversation();
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Append(conversation, """{"role":"customer","language":"en"}"""));
        Assert.Equal("", Assert.Single(exception.Errors).Pointer);
        Assert.Empty(_world.Keys("message|"));
    }

    [Fact]
    public async Task A_message_moves_the_times_of_its_conversation_and_is_no_new_version_of_it()
    {
        var conversation = await _world.Conversation();
        _world.Advance(TimeSpan.FromMinutes(1));
        await _world.Say(conversation, "a");
        _world.Advance(TimeSpan.FromMinutes(1));
        await _world.Say(conversation, "b");

        var header = await _world.Records.Get(_world.Tenant, RecordKinds.Conversation, conversation.Id.ToString("D"), default);
        Assert.Equal((conversation.CreatedAt.AddMinutes(1), conversation.CreatedAt.AddMinutes(2), 1L), ((DateTimeOffset)header.Values["first_message_at"], (DateTimeOffset)header.Values["last_message_at"], header.Version));
        Assert.Single(_world.Keys($"todo|mirror|conversation:{conversation.Id:D}|"));
    }

    [Fact]
    public async Task A_message_emits_nothing_and_is_owed_to_the_CRM_under_its_conversation_and_number()
    {
        await _world.Subscribe([.. Core.Events.EventNames.All]);
        var conversation = await _world.Conversation();
        await _world.Dispatch();
        await _world.Say(conversation, "a");
        await _world.Say(conversation, "b");
        await _world.Dispatch();
        Assert.Single(await _world.AllDeliveries());
        Assert.Equal([1L, 2L], _world.Keys($"todo|mirror|message:{conversation.Id:D}|").Select(key => long.Parse(key[^19..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Of_a_conversation_that_is_missing_or_past_its_window_nothing_is_appended_or_read()
    {
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Transcripts.Read(_world.Tenant, _world.Ids.Next().ToString("D"), 10, 0, default));
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
        _world.Advance(TimeSpan.FromDays(30));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Say(conversation, "late"));
        await Assert.ThrowsAsync<NotFoundException>(() => Read(conversation, 10, 0));
    }

    [Fact]
    public async Task A_conversation_does_not_end_while_people_talk()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
        _world.Advance(TimeSpan.FromDays(29));
        await _world.Say(conversation, "still here");
        _world.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await Read(conversation, 10, 0);
        _world.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<NotFoundException>(() => Read(conversation, 10, 0));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(101, 0)]
    [InlineData(10, -1)]
    [InlineData(10, long.MaxValue)]
    public async Task A_bad_limit_or_number_is_refused(int limit, long after)
    {
        var conversation = await _world.Conversation();
        await Assert.ThrowsAsync<ValidationException>(() => Read(conversation, limit, after));
    }

    [Fact]
    public async Task A_repeat_of_a_key_gets_the_message_that_the_first_made()
    {
        var conversation = await _world.Conversation();
        var first = await _world.Say(conversation, "a", "turn-1");
        await _world.Say(conversation, "b", "turn-2");
        var repeat = await _world.Say(conversation, "a", "turn-1");
        Assert.Equal((first.Id, 1L), (repeat.Id, repeat.Sequence));
        Assert.Equal(["1 a", "2 b"], await Read(conversation, 10, 0));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _world.Say(conversation, "c", "turn-1"));

        // A key counts within its conversation.
        var other = await _world.Conversation("+971500000002");
        Assert.Equal(1, (await _world.Say(other, "a", "turn-1")).Sequence);
    }

    [Fact]
    public async Task A_repeat_that_races_the_first_appends_once()
    {
        var conversation = await _world.Conversation();
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.Say(conversation, "a", "turn-1");
            }
        };
        Assert.Equal(1, (await _world.Say(conversation, "a", "turn-1")).Sequence);
        Assert.Equal(["1 a"], await Read(conversation, 10, 0));
    }

    [Fact]
    public async Task Many_at_once_leave_no_hole_and_no_double()
    {
        var conversation = await _world.Conversation();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 24).Select(index => Task.Run(async () =>
        {
            for (; ; )
            {
                try
                {
                    return (await _world.Say(conversation, $"{index}", $"turn-{index}")).Sequence;
                }
                catch (ConflictException)
                {
                    // Told to repeat.
                }
            }
        })));
        Assert.Equal(Enumerable.Range(1, 24).Select(number => (long)number), numbers.Order());
        Assert.Equal(24, (await Read(conversation, 100, 0)).Count);
        Assert.Equal(24, _world.Keys("todo|mirror|message:").Count);
    }

    [Fact]
    public async Task A_message_and_a_change_of_the_conversation_at_once_both_take_effect()
    {
        var conversation = await _world.Conversation();
        _world.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (writes.Count > 1)
            {
                _world.Store.BeforeCommit = null;
                await _world.Say(conversation, "a");
            }
        };
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        Assert.Equal(2, (await _world.Say(conversation, "b")).Sequence);
        var header = await _world.Records.Get(_world.Tenant, RecordKinds.Conversation, conversation.Id.ToString("D"), default);
        Assert.Equal(("Ada", 2L, 2L), (header.Values["customer_name"], header.Version, header.LastSequence));
    }

    [Fact]
    public async Task Numbers_go_on_behind_messages_that_were_purged()
    {
        var conversation = await _world.Conversation();
        var first = await _world.Say(conversation, "a");
        await _world.Store.Commit(RecordRow.Table, Core.Storage.Partition.Of(_world.Tenant), [new Core.Storage.RowWrite.Delete(first.RowKey, "*")], default);
        Assert.Equal(2, (await _world.Say(conversation, "b")).Sequence);
        Assert.Equal(["2 b"], await Read(conversation, 10, 0));
    }

    [Theory]
    [InlineData(1, "2 b;3 c;4 d;5 e")]
    [InlineData(2, "1 a;3 c;4 d;5 e")]
    public async Task A_conversation_whose_last_number_was_lost_goes_on_behind_the_messages_there_are(int erased, string left)
    {
        var conversation = await _world.Conversation();
        var said = new List<MessageRow>();
        foreach (var content in new[] { "a", "b", "c" })
        {
            said.Add(await _world.Say(conversation, content));
        }

        var partition = Core.Storage.Partition.Of(_world.Tenant);
        var header = (await _world.Store.Get(RecordRow.Table, partition, conversation.RowKey, default))!;
        var columns = header.Columns.Where(column => column.Key != "vorel_last_sequence").ToDictionary();
        Assert.NotEqual(header.Columns.Count, columns.Count);
        await _world.Store.Commit(
            RecordRow.Table,
            partition,
            [new Core.Storage.RowWrite.Replace(header.Key, header.ETag, columns), new Core.Storage.RowWrite.Delete(said[erased - 1].RowKey, "*")],
            default);

        Assert.Equal(4, (await _world.Say(conversation, "d", "turn-4")).Sequence);
        Assert.Equal(5, (await _world.Say(conversation, "e")).Sequence);
        Assert.Equal(left.Split(';'), await Read(conversation, 10, 0));
    }

    [Fact]
    public async Task Neither_key_nor_content_is_in_a_key_or_in_what_the_queue_holds()
    {
        var conversation = await _world.Conversation();
        await _world.Say(conversation, "canary", "canary-key");
        Assert.DoesNotContain(_world.Store.Inner.Dump(), entry => entry.Row.Key.Contains("canary", StringComparison.Ordinal));
        Assert.DoesNotContain(_world.Queue.Inner.Messages(WorkQueues.Live), message => message.Body.Contains("canary", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<string>> Read(RecordRow conversation, int limit, long after) =>
        [.. (await _world.Transcripts.Read(_world.Tenant, conversation.Id.ToString("D"), limit, after, default)).Select(message => $"{message.Sequence} {message.Values["content"]}")];
}
