using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>A CRM that is replaced, at every moment at which that can happen.</summary>
public sealed class ReplacedSystemTests
{
    private const string Old = "https://old.example.com/in";
    private const string New = "https://new.example.com/in";

    private readonly World _world = new();

    private ScriptedCrm OldCrm => _world.CrmAt("old.example.com");

    private ScriptedCrm NewCrm => _world.CrmAt("new.example.com");

    [Theory]
    [InlineData("https://old.example.com/in")]
    [InlineData("https://OLD.example.com:443/in")]
    public async Task The_same_system_connected_anew_gets_updates_under_the_ids_it_gave(string again)
    {
        var conversation = await Held();
        await _world.Connect(again);
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["create", "update old-1"], Calls(OldCrm));
        Assert.Equal(("old-1", 2L), ((await Stored(conversation)).Sync!.ExternalId, (await Stored(conversation)).Sync!.Version));
    }

    [Theory]
    [InlineData("http://old.example.com/in")]
    [InlineData("https://old.example.com:8443/in")]
    [InlineData("https://new.example.com/in")]
    [InlineData("https://old.example.com/another/path")]
    [InlineData("https://old.example.com/in?account=2")]
    public void Another_scheme_host_port_or_path_is_another_system(string url) =>
        Assert.NotEqual(CrmSystem.AccountOf(new Uri(Old)), CrmSystem.AccountOf(new Uri(url)));

    [Fact]
    public async Task The_name_of_a_system_is_short_and_tells_nothing_of_the_account()
    {
        await _world.Connect(Old);
        var connection = await _world.Connections.Find(_world.Tenant, default);
        Assert.Matches("^custom_webhook:[a-z2-7]{16}$", connection!.System);
        Assert.NotEqual(CrmSystem.Of("a", "x"), CrmSystem.Of("b", "x"));
    }

    [Fact]
    public async Task What_the_old_system_holds_and_nobody_is_owed_stays_there_and_its_window_runs()
    {
        var conversation = await Held();
        var due = (await Stored(conversation)).PurgeDue;
        await _world.Connect(New);
        await _world.Dispatch();
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(NewCrm.Calls);
        Assert.NotNull(due);
        Assert.Equal(due, (await Stored(conversation)).PurgeDue);
    }

    [Fact]
    public async Task A_change_that_is_owed_reaches_the_new_system_as_a_create_and_an_update_of_the_whole()
    {
        var conversation = await Held();
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        await _world.Connect(New);

        // The old one holds version 1 and the new one, as far as a create proves, no more than that either.
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        var half = await Stored(conversation);
        Assert.Equal(("new-1", 1L, "https://crm.example.com/new-1"), (half.Sync!.ExternalId, half.Sync.Version, half.Sync.Url));
        Assert.Null(half.PurgeDue);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        Assert.Equal(["create"], Calls(OldCrm));
        Assert.Equal(["create", "update new-1"], Calls(NewCrm));
        Assert.Equal([conversation.Id.ToString("D"), $"{conversation.Id:D}:2"], NewCrm.Calls.Select(call => call.Key));
        Assert.All(NewCrm.Calls, call => Assert.Equal("Ada", (string?)call.Fields.Values["customer_name"]));
        await AssertHeldBy("new-1", conversation, 2);
    }

    [Fact]
    public async Task A_link_of_the_old_system_is_not_taken_for_one_of_the_new()
    {
        var conversation = await Held();
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        NewCrm.HasLinks = false;
        await _world.Connect(New);
        await Mirror(conversation);
        Assert.Null((await Stored(conversation)).Sync!.Url);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_create_in_flight_when_the_system_is_replaced_is_made_in_the_new_one_too(bool newOneIsFaster)
    {
        await _world.Connect(Old);
        var conversation = await _world.Conversation();
        Meanwhile(OldCrm, async () =>
        {
            await _world.Connect(New);
            if (newOneIsFaster)
            {
                Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
            }
        });
        var late = await Mirror(conversation);
        Assert.Equal(newOneIsFaster, late is MirrorStep.Done);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        Assert.Equal(["create"], Calls(OldCrm));
        Assert.Equal(["create"], Calls(NewCrm));
        await AssertHeldBy("new-1", conversation, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_late_answer_to_an_update_takes_nothing_back_and_pays_for_nothing(int writesOfTheNewOne)
    {
        var conversation = await Held();
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        Meanwhile(OldCrm, async () =>
        {
            await _world.Connect(New);
            for (var writes = 0; writes < writesOfTheNewOne; writes++)
            {
                await Mirror(conversation);
            }
        });
        await Mirror(conversation);
        Assert.Equal(writesOfTheNewOne == 2, (await Stored(conversation)).PurgeDue is not null);
        await Mirror(conversation);
        await Mirror(conversation);

        Assert.Equal(["create", "update old-1"], Calls(OldCrm));
        Assert.Equal(["create", "update new-1"], Calls(NewCrm));
        await AssertHeldBy("new-1", conversation, 2);
    }

    [Fact]
    public async Task A_stamp_of_the_old_system_that_slips_in_is_not_answered_by_half_a_record()
    {
        // Read as connected, then replaced: in that moment the old one's answer counts, and the new one has only made the record.
        var conversation = await Held();
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        await _world.Connect(New);
        Meanwhile(NewCrm, async () =>
        {
            var stored = await _world.Reader.FindStored(_world.Tenant, conversation.Kind, conversation.Id, default);
            var todo = Assert.Single(_world.Keys("todo|"));
            var held = stored!.Row with { Sync = stored.Row.Sync! with { Version = 2 } };
            await _world.Store.Inner.Commit(
                "Records",
                Partition.Of(_world.Tenant),
                [new RowWrite.Replace(held.RowKey, stored.ETag, RecordColumns.Write(held)), new RowWrite.Delete(todo, "*")],
                default);
        });
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        await AssertHeldBy("old-1", conversation, 2);

        await _world.Patch(conversation, """{"customer_name":"Grace"}""");
        await Mirror(conversation);
        await Mirror(conversation);
        await AssertHeldBy("new-1", conversation, 3);
        Assert.Equal(1, NewCrm.Records);
    }

    [Fact]
    public async Task A_debt_that_outlived_its_stamp_does_not_leave_the_new_system_with_half_a_record()
    {
        var conversation = await Held();
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        var leftover = Assert.Single(_world.Store.Inner.Dump(), entry => entry.Row.Key.StartsWith("todo|", StringComparison.Ordinal)).Row;
        await _world.Patch(conversation, """{"customer_name":"Grace"}""");
        await Mirror(conversation);
        await _world.Store.Inner.Commit("Records", Partition.Of(_world.Tenant), [new RowWrite.Insert(leftover.Key, leftover.Columns)], default);
        await _world.Connect(New);

        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.Equal(2, _world.Keys("todo|").Count);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal("Grace", (string?)NewCrm.Calls[^1].Fields.Values["customer_name"]);
        await AssertHeldBy("new-1", conversation, 3);
    }

    [Fact]
    public async Task There_and_back_makes_no_second_record_in_either_system()
    {
        var conversation = await Held();
        foreach (var (url, name) in ((string, string)[])[(New, "1"), (Old, "2"), (New, "3"), (Old, "4")])
        {
            await _world.Connect(url);
            await _world.Patch(conversation, $$"""{"customer_name":"{{name}}"}""");
            Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
            Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        }

        Assert.Equal((1, 1), (OldCrm.Records, NewCrm.Records));
        Assert.Equal("4", (string?)OldCrm.Calls[^1].Fields.Values["customer_name"]);
        await AssertHeldBy("old-1", conversation, 5);
    }

    [Fact]
    public async Task A_child_waits_for_a_parent_that_is_owed_to_the_new_system_but_not_for_one_that_stays_in_the_old()
    {
        var owed = await Held();
        var stays = await Held("+971500000002");
        await _world.Patch(owed, """{"customer_name":"Ada"}""");
        await _world.Connect(New);
        var waiting = await _world.Lead(owed);
        Assert.IsType<MirrorStep.Done>(await Mirror(await _world.Lead(stays)));
        Assert.IsType<MirrorStep.Retry>(await Mirror(waiting));

        await Mirror(owed);
        Assert.IsType<MirrorStep.Done>(await Mirror(waiting));
        Assert.Equal([CrmObject.Lead, CrmObject.Conversation, CrmObject.Lead], NewCrm.Calls.Select(call => call.Object));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_transcript_half_way_the_new_system_gets_all_that_the_old_one_had_not_confirmed(bool newOneIsFaster)
    {
        var conversation = await Held();
        await _world.Say(conversation, "1");
        await MirrorTranscript(conversation);
        await _world.Say(conversation, "2");
        await _world.Say(conversation, "3");
        Meanwhile(OldCrm, async () =>
        {
            await _world.Connect(New);
            if (newOneIsFaster)
            {
                await MirrorTranscript(conversation);
            }
        });
        Assert.Equal(newOneIsFaster, await MirrorTranscript(conversation) is MirrorStep.Done);
        Assert.IsType<MirrorStep.Done>(await MirrorTranscript(conversation));

        Assert.Equal(["2", "3"], NewCrm.Calls.SelectMany(call => call.Fields.Values["messages"]!.AsArray()).Select(message => (string)message!["content"]!));
        var read = await _world.Transcripts.Read(_world.Tenant, conversation.Id.ToString("D"), 100, 0, default);
        Assert.Equal(["old-2", "new-1", "new-1"], read.Select(message => message.Sync!.ExternalId));
        Assert.Single(read.Skip(1).Select(message => message.Sync!.System).Distinct());
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task The_same_system_connected_anew_while_it_is_written_to_counts()
    {
        await _world.Connect(Old);
        var conversation = await _world.Conversation();
        Meanwhile(OldCrm, () => _world.Connect(Old));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        await AssertHeldBy("old-1", conversation, 1);
    }

    private static void Meanwhile(ScriptedCrm crm, Func<Task> then) => crm.AfterWrite = () =>
    {
        crm.AfterWrite = null;
        return then();
    };

    private static IEnumerable<string> Calls(ScriptedCrm crm) => crm.Calls.Select(call => $"{call.Verb} {call.ExternalId}".TrimEnd());

    private async Task<RecordRow> Held(string identifier = "+971500000001")
    {
        await _world.Connect(Old);
        var conversation = await _world.Conversation(identifier);
        await Mirror(conversation);
        return conversation;
    }

    private async Task AssertHeldBy(string externalId, RecordRow record, long version)
    {
        var stored = await Stored(record);
        Assert.Equal((externalId, version, version), (stored.Sync!.ExternalId, stored.Sync.Version, stored.Version));
        Assert.NotNull(stored.PurgeDue);
        Assert.Empty(_world.Keys("todo|"));
    }

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);

    private Task<MirrorStep> MirrorTranscript(RecordRow conversation) => _world.Mirror.Mirror(_world.Tenant, RecordKinds.Message, conversation.Id, default);

    private Task<RecordRow> Stored(RecordRow record) => _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
}
