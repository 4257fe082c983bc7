using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Hostile;

/// <summary>A CRM that is replaced while a write to it waits for its next try.</summary>
[Trait("Area", "hostile")]
public sealed class ReplacedCrmTests
{
    [Fact]
    public async Task The_next_try_goes_to_the_present_url_with_the_present_secret_and_never_to_the_old_one_again()
    {
        var world = new World();
        var opened = new List<(string Url, string Secret)>();
        var connections = new CrmConnectionService(
            world.Store,
            world.Protector,
            world.Egress,
            (_, credentials) =>
            {
                opened.Add((credentials.GetProperty("url").GetString()!, credentials.GetProperty("secret").GetString()!));
                return world.Crm;
            },
            world.Queue,
            world.Clocks,
            world.Timings);
        var mirror = new MirrorService(world.Store, world.Reader, connections, new CrmPermits(world.Clocks), world.Hints, world.Clocks);
        var old = await connections.ConnectCustomWebhook(world.Tenant, CrmRole.Main, "https://old.example.com/", null, default);
        var conversation = await world.Conversation();
        world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "scripted", retryable: true));
        var wait = Assert.IsType<MirrorStep.Retry>(await mirror.Mirror(world.Tenant, conversation.Kind, conversation.Id, default));

        var present = await connections.ConnectCustomWebhook(world.Tenant, CrmRole.Main, "https://new.example.com/", null, default);
        world.Advance(wait.After);
        Assert.IsType<MirrorStep.Done>(await mirror.Mirror(world.Tenant, conversation.Kind, conversation.Id, default));

        Assert.Equal([("https://old.example.com/", old.Secret), ("https://new.example.com/", present.Secret)], opened);
        Assert.Single(world.Crm.Calls);
    }
}
