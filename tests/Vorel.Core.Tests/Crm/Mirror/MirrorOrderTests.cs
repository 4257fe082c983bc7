using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class MirrorOrderTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_child_waits_for_its_parent()
    {
        var conversation = await Connected();
        var lead = await _world.Lead(conversation);
        Assert.IsType<MirrorStep.Retry>(await Mirror(lead));
        Assert.Empty(_world.Crm.Calls);

        await Mirror(conversation);
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal([CrmObject.Conversation, CrmObject.Lead], _world.Crm.Calls.Select(call => call.Object));
    }

    [Fact]
    public async Task A_child_is_told_what_its_parent_became()
    {
        var conversation = await Connected();
        var lead = await _world.Lead(conversation);
        await Mirror(conversation);
        await Mirror(lead);
        var (parent, child) = (_world.Crm.Calls[0].Fields, _world.Crm.Calls[1].Fields);
        Assert.Empty(parent.Parents);
        Assert.Equal([new CrmParent(CrmObject.Conversation, "crm-1")], child.Parents);
    }

    [Fact]
    public async Task A_child_waits_as_long_as_its_parent_waits()
    {
        var conversation = await Connected();
        var lead = await _world.Lead(conversation);
        for (var failures = 0; failures < 5; failures++)
        {
            _world.Advance(TimeSpan.FromMinutes(5));
            _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
            Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
        }

        _world.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new MirrorStep.Retry(TimeSpan.FromMinutes(4)), await Mirror(lead));
    }

    private async Task<RecordRow> Connected()
    {
        await _world.Connect();
        return await _world.Conversation();
    }

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);
}
