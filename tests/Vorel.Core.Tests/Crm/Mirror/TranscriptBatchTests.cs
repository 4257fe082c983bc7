using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>Where batches of a transcript end.</summary>
public sealed class TranscriptBatchTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_long_transcript_goes_out_in_batches_of_forty()
    {
        var conversation = await Mirrored();
        for (var number = 1; number <= 95; number++)
        {
            await _world.Say(conversation, $"{number}");
        }

        var steps = new List<MirrorStep> { await Mirror(conversation), await Mirror(conversation), await Mirror(conversation), await Mirror(conversation) };
        Assert.Equal([new MirrorStep.Again(), new MirrorStep.Again(), new MirrorStep.Done(), new MirrorStep.Done()], steps);
        Assert.Equal(["1-40", "41-80", "81-95"], Keys());
        Assert.Equal(Enumerable.Range(1, 95).Select(number => $"{number}"), Contents());
    }

    [Fact]
    public async Task Long_messages_make_short_batches_and_the_longest_goes_alone()
    {
        var conversation = await Mirrored();
        var longest = string.Concat(Enumerable.Repeat("😀", 16_000));
        foreach (var content in new[] { Text(16_000), Text(16_000), Text(16_000), Text(16_000), Text(16_000), longest, "x" })
        {
            await _world.Say(conversation, content);
        }

        while (await Mirror(conversation) is MirrorStep.Again)
        {
        }

        Assert.Equal(["1-4", "5-5", "6-6", "7-7"], Keys());

        static string Text(int length) => new('x', length);
    }

    [Theory]
    [InlineData('م')]
    [InlineData('\n')]
    [InlineData('"')]
    public async Task A_batch_of_several_has_at_most_64_KiB_on_the_wire_whatever_it_is_written_in(char letter)
    {
        var conversation = await Mirrored();
        var content = JsonSerializer.Serialize(new string(letter, 4_000))[1..^1];
        for (var number = 1; number <= 40; number++)
        {
            await _world.Say(conversation, content);
        }

        while (await Mirror(conversation) is MirrorStep.Again)
        {
        }

        var calls = _world.Crm.Calls.Where(call => call.Object == CrmObject.Message).ToList();
        Assert.Equal(40, Contents().Count());
        Assert.All(calls, call => Assert.InRange(SizeOf(call.Fields.Values), 40_000, 65_536));

        static int SizeOf(JsonObject fields) =>
            Encoding.UTF8.GetByteCount(fields.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task The_largest_message_has_less_than_512_KiB_on_the_wire()
    {
        var conversation = await Mirrored();
        var text = string.Concat(Enumerable.Repeat("😀", 16_000));
        await _world.Append(conversation, $$"""{"role":"tool","content":"{{text}}","content_translated":"{{text}}","tool_payload":{"a":"{{new string('x', 32_000)}}"},"media_url":"https://example.com/{{new string('x', 2_000)}}"}""");
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.InRange(CrmJson.SizeOf(_world.Crm.Calls[^1].Fields.Values), 150_000, 512 * 1024 - 1024);
    }

    private async Task<RecordRow> Mirrored()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Conversation, conversation.Id, default);
        return conversation;
    }

    private Task<MirrorStep> Mirror(RecordRow conversation) => _world.Mirror.Mirror(_world.Tenant, RecordKinds.Message, conversation.Id, default);

    private IReadOnlyList<string> Keys() => [.. _world.Crm.Calls.Where(call => call.Object == CrmObject.Message).Select(call => call.Key.Split(':')[1])];

    private IEnumerable<string> Contents() =>
        _world.Crm.Calls.Where(call => call.Object == CrmObject.Message).SelectMany(call => call.Fields.Values["messages"]!.AsArray()).Select(message => (string)message!["content"]!);
}
