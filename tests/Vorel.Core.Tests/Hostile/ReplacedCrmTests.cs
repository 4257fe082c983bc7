using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Storage;
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
        var (connections, connecting) = world.NewConnections(context =>
        {
            opened.Add((context.Credentials.GetProperty("url").GetString()!, context.Credentials.GetProperty("secret").GetString()!));
            return world.Crm;
        });
        var mirror = new MirrorService(world.Store, world.Reader, connections, new CrmPermits(world.Clocks), world.Hints, world.Clocks);
        var old = await connecting.ConnectCustomWebhook(world.Tenant, CrmRole.Main, "https://old.example.com/", null, AuditActor.System, default);
        var conversation = await world.Conversation();
        world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "scripted", retryable: true));
        var wait = Assert.IsType<MirrorStep.Retry>(await mirror.Mirror(world.Tenant, conversation.Kind, conversation.Id, default));

        var present = await connecting.ConnectCustomWebhook(world.Tenant, CrmRole.Main, "https://new.example.com/", null, AuditActor.System, default);
        world.Advance(wait.After);
        Assert.IsType<MirrorStep.Done>(await mirror.Mirror(world.Tenant, conversation.Kind, conversation.Id, default));

        // Each is opened when it is connected, to be tested, and when it is written to.
        var (first, second) = (("https://old.example.com/", old.Secret), ("https://new.example.com/", present.Secret));
        Assert.Equal([first, first, second, second], opened);
        Assert.Single(world.Crm.Calls);
    }

    [Fact]
    public async Task After_the_connection_is_removed_no_try_is_made_and_its_credentials_are_gone()
    {
        var world = new World();
        await world.Connect("https://crm.example.com/c4n4ry");
        await world.Connect("https://archive.example.com/c4n4ry", CrmRole.Archive);
        var conversation = await world.Conversation();
        world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "scripted", retryable: true));
        var wait = Assert.IsType<MirrorStep.Retry>(await world.Mirror.Mirror(world.Tenant, conversation.Kind, conversation.Id, default));

        await world.Connecting.Disconnect(world.Tenant, CrmRole.Main, AuditActor.System, default);
        await world.Connecting.Disconnect(world.Tenant, CrmRole.Archive, AuditActor.System, default);
        world.Advance(wait.After);
        Assert.IsType<MirrorStep.Done>(await world.Mirror.Mirror(world.Tenant, conversation.Kind, conversation.Id, default));

        Assert.Empty(world.Crm.Calls);
        Assert.Single(world.Keys("todo|"));
        var left = world.Store.Inner.Dump().Where(entry => entry.Table == "TenantCredentials").ToList();
        Assert.Equal(2, left.Count);
        Assert.All(left, entry => Assert.Equal(("revoked", 0L), ((string)entry.Row.Columns["status"], (long)entry.Row.Columns["sealed_length"])));
    }

    [Theory]
    [InlineData(CrmRole.Main)]
    [InlineData(CrmRole.Archive)]
    public async Task A_connection_copied_to_the_other_role_does_not_open(CrmRole role)
    {
        var world = new World();
        await world.Connect("https://crm.example.com/in", role);
        var (own, copy) = role == CrmRole.Main ? ("crm", "crm.archive") : ("crm.archive", "crm");
        var row = world.Store.Inner.Dump().Single(entry => entry.Table == "TenantCredentials" && entry.Row.Key == own).Row;
        await world.Store.Inner.Commit("TenantCredentials", Partition.Of(world.Tenant), [new RowWrite.Insert(copy, row.Columns)], default);
        world.Crm.Capabilities = world.Crm.Capabilities with { Objects = new HashSet<CrmObject>() };

        // The main one is always opened; the archive as soon as the main one holds too little.
        var exception = await Assert.ThrowsAsync<CrmException>(() => world.Connections.Open(world.Tenant, CrmObject.Lead, default));
        Assert.Equal((CrmErrorCode.AuthError, false), (exception.Code, exception.Retryable));
    }
}
