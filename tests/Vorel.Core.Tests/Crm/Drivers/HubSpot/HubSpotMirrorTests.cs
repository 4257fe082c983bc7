using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Vorel.Fakes;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

/// <summary>What the mirror makes of a conversation at HubSpot: the whole of it at one person.</summary>
public sealed class HubSpotMirrorTests : IAsyncLifetime
{
    private readonly HubSpotStage _stage = new();
    private readonly World _world = new();
    private MirrorService _mirror = null!;

    public async Task InitializeAsync()
    {
        await _stage.Start();
        await _world.Connect();
        var (connections, _) = _world.NewConnections(_ => _stage.Open());
        _mirror = new MirrorService(_world.Store, _world.Reader, connections, new CrmPermits(_world.Clocks, new Random(1)), _world.Hints, _world.Clocks);
    }

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task A_conversation_its_lead_and_its_messages_are_at_one_person()
    {
        var conversation = await _world.Conversation("+971501234567");
        var lead = await _world.Lead(conversation);
        await _world.Say(conversation, "مرحبا");
        await Mirrored(conversation);
        await Mirrored(lead);
        Assert.IsType<MirrorStep.Done>(await _mirror.Mirror(_world.Tenant, RecordKinds.Message, conversation.Id, default));

        var (deal, person) = (_stage.The("deals"), _stage.The("contacts"));
        Assert.Equal(2, _stage.HubSpot.Living("notes").Count);
        Assert.Equal([person.Id], _stage.TiedTo(deal.Id, "contacts"));
        Assert.All(_stage.HubSpot.Living("notes"), note =>
        {
            Assert.Equal([person.Id], _stage.TiedTo(note.Id, "contacts"));
            Assert.Equal([deal.Id], _stage.TiedTo(note.Id, "deals"));
        });
    }

    [Fact]
    public async Task An_answer_that_is_lost_at_any_call_makes_no_second_record()
    {
        for (var passed = 0; ; passed++)
        {
            var conversation = await _world.Conversation($"+97150{passed:D7}");
            var lead = await _world.Lead(conversation);
            _stage.Front.After(passed, FrontFault.LoseAnswer);
            await Mirrored(conversation);
            await Mirrored(lead);
            Assert.Equal((passed + 1, passed + 1, passed + 1), (_stage.HubSpot.Living("notes").Count, _stage.HubSpot.Living("deals").Count, _stage.HubSpot.Living("contacts").Count));
            if (!_stage.Front.Clear())
            {
                break;
            }
        }
    }

    private async Task Mirrored(RecordRow record)
    {
        // A write that came before its turn would wait for it, by a clock that nobody moves meanwhile.
        Pass(TimeSpan.FromSeconds(10));
        while (await _mirror.Mirror(_world.Tenant, record.Kind, record.Id, default) is MirrorStep.Retry retry)
        {
            Pass(retry.After);
        }
    }

    private void Pass(TimeSpan time)
    {
        _world.Advance(time);
        _stage.Clock.Advance(time);
    }
}
