using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks on the way of a transcript: the CRM gets every message once, in order, behind its conversation.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereTranscriptTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_the_transcript_is_whole_here_and_there(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 60, world => world.Connect(), Play);

    private static async Task<Func<string, Task>> Play(World world)
    {
        var conversation = (await Platform.Insist(() => world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", "key-1"))).Record;
        await Platform.Insist(() => world.Say(conversation, "1", "turn-1"));
        await Platform.Insist(() => world.Say(conversation, "2", "turn-2"));
        await Platform.Minute(world);
        await Platform.Insist(() => world.Say(conversation, "3", "turn-3"));
        await Platform.Minutes(world, 12);
        return async when =>
        {
            var read = await world.Transcripts.Read(world.Tenant, conversation.Id.ToString("D"), 100, 0, default);
            Assert.True(read.Select(message => message.Sequence).SequenceEqual([1L, 2L, 3L]), when);
            Assert.True(read.All(message => message.Sync is { Version: 1 }), when);
            Assert.True(world.Keys("todo|").Count == 0, when);
            Assert.True(world.Crm.Calls[0].Object == CrmObject.Conversation, when);

            var batches = world.Crm.Calls.Where(call => call.Object == CrmObject.Message).GroupBy(call => call.Key).ToList();
            Assert.True(batches.SelectMany(batch => batch.First().Fields.Values["messages"]!.AsArray()).Select(message => (string)message!["content"]!).SequenceEqual(["1", "2", "3"]), when);
            Assert.True(batches.All(batch => batch.All(call => JsonNode.DeepEquals(call.Fields.Values, batch.First().Fields.Values))), when);
        };
    }
}
