using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks while a CRM is replaced, removed or given an archive: what is owed reaches the one that is connected in the end, once.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereReplacedTests
{
    private const string Old = "https://old.example.com/in";
    private const string New = "https://new.example.com/in";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_the_new_system_gets_what_was_owed(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 40, world => world.Connect(Old), Replace);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_each_record_lies_where_it_can_be_held(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 60, PrepareArchive, Archive);

    private static async Task<Func<string, Task>> Replace(World world)
    {
        var conversation = await Conversation(world);
        await Platform.Minute(world);
        await Platform.Insist(() => world.Patch(conversation, """{"customer_name":"Ada"}""", "key-2"));
        await Connect(world, New, CrmRole.Main);
        await Platform.Minutes(world, 12);
        return async when =>
        {
            await AssertHeld(world, conversation, CrmRole.Main, 2, when);
            Assert.True(world.CrmAt("new.example.com").Records == 1 && world.CrmAt("old.example.com").Records <= 1, when);
            Assert.True((string?)world.CrmAt("new.example.com").Calls[^1].Fields.Values["customer_name"] == "Ada", when);
            Assert.True(world.Keys("todo|").Count == 0, when);
        };
    }

    private static async Task PrepareArchive(World world)
    {
        world.Crm.Capabilities = world.Crm.Capabilities with { Objects = new HashSet<CrmObject> { CrmObject.Conversation } };
        await world.Connect();
    }

    private static async Task<Func<string, Task>> Archive(World world)
    {
        var conversation = await Conversation(world);
        var lead = (await Platform.Insist(() => world.Create(RecordKinds.Lead, $$"""{"conversation_id":"{{conversation.Id:D}}"}""", "key-2"))).Record;
        await Platform.Minutes(world, 2);
        await Connect(world, New, CrmRole.Archive);
        await Platform.Minute(world);
        await Platform.Insist(() => Disconnect(world));
        await Platform.Insist(() => world.Patch(conversation, """{"customer_name":"Ada"}""", "key-3"));
        await Platform.Minute(world);
        await Connect(world, "https://crm.example.com/again", CrmRole.Main);
        await Platform.Minutes(world, 12);
        return async when =>
        {
            await AssertHeld(world, conversation, CrmRole.Main, 2, when);
            await AssertHeld(world, lead, CrmRole.Archive, 1, when);
            Assert.True(world.Crm.Records == 1 && world.CrmAt("new.example.com").Records == 1, when);
            Assert.True(world.Keys("todo|").Count == 0, when);
        };
    }

    private static async Task<RecordRow> Conversation(World world) =>
        (await Platform.Insist(() => world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", "key-1"))).Record;

    private static Task<(ConnectResult Result, string Secret)> Connect(World world, string url, CrmRole role) =>
        Platform.Insist(() => world.Connecting.ConnectCustomWebhook(world.Tenant, role, url, null, AuditActor.System, default));

    private static async Task<bool> Disconnect(World world)
    {
        try
        {
            await world.Connecting.Disconnect(world.Tenant, CrmRole.Main, AuditActor.System, default);
            return true;
        }
        catch (NotFoundException)
        {
            // The first try took it away and did not hear of it.
            return false;
        }
    }

    private static async Task AssertHeld(World world, RecordRow record, CrmRole role, long version, string when)
    {
        var stored = await world.Records.Get(world.Tenant, record.Kind, record.Id.ToString("D"), default);
        var connection = await world.Connections.Find(world.Tenant, role, default);
        Assert.True(stored.Version == version && stored.Sync is { } sync && sync.Version == version && sync.System == connection!.System, when);
    }
}
