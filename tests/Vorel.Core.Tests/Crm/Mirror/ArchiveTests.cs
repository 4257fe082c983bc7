using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>A CRM that holds conversations alone, with and without an archive for the rest.</summary>
public sealed class ArchiveTests
{
    private const string ArchiveUrl = "https://archive.example.com/in";

    private readonly World _world = new();

    public ArchiveTests() =>
        _world.Crm.Capabilities = _world.Crm.Capabilities with { Objects = new HashSet<CrmObject> { CrmObject.Conversation } };

    private ScriptedCrm Archive => _world.CrmAt("archive.example.com");

    [Fact]
    public async Task What_the_crm_cannot_hold_goes_to_the_archive_and_its_window_runs()
    {
        await Connect(ArchiveUrl);
        var conversation = await _world.Conversation();
        var lead = await _world.Lead(conversation);
        await _world.Say(conversation, "1");
        Assert.IsType<MirrorStep.Retry>(await Mirror(lead));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.IsType<MirrorStep.Done>(await _world.Mirror.Mirror(_world.Tenant, RecordKinds.Message, conversation.Id, default));

        Assert.Equal([CrmObject.Conversation], _world.Crm.Calls.Select(call => call.Object));
        Assert.Equal([CrmObject.Lead, CrmObject.Message], Archive.Calls.Select(call => call.Object));
        var (here, there) = ((await Stored(conversation)).Sync!, (await Stored(lead)).Sync!);
        Assert.Equal(("crm-1", "archive-1"), (here.ExternalId, there.ExternalId));
        Assert.NotEqual(here.System, there.System);
        Assert.NotNull((await Stored(lead)).PurgeDue);
        Assert.Empty(_world.Keys("todo|"));

        await _world.Patch(lead, """{"name":"Ada"}""");
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal(("update", "archive-1"), (Archive.Calls[^1].Verb, Archive.Calls[^1].ExternalId));
    }

    [Fact]
    public async Task A_parent_in_the_archive_is_waited_for_like_any_other_and_a_parent_that_nobody_holds_is_not()
    {
        _world.Crm.Capabilities = _world.Crm.Capabilities with { Objects = new HashSet<CrmObject> { CrmObject.Lead } };
        await Connect(archive: null);
        var unheld = await _world.Conversation();
        var orphan = await _world.Lead(unheld);
        await Mirror(unheld);
        Assert.IsType<MirrorStep.Done>(await Mirror(orphan));

        await _world.Connect(ArchiveUrl, CrmRole.Archive);
        var conversation = await _world.Conversation("+971500000002");
        var lead = await _world.Lead(conversation);
        Assert.IsType<MirrorStep.Retry>(await Mirror(lead));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        // Owed a change: the archive has it all the same.
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal(2, _world.Crm.Records);
        Assert.Equal(1, Archive.Records);
    }

    [Fact]
    public async Task Neither_systems_failures_hold_the_other_up()
    {
        await Connect(ArchiveUrl);
        var first = await _world.Conversation();
        await Mirror(first);
        var lead = await _world.Lead(first);
        var second = await _world.Conversation("+971500000002");

        Archive.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
        Assert.IsType<MirrorStep.Retry>(await Mirror(lead));
        Assert.IsType<MirrorStep.Done>(await Mirror(second));
        _world.Advance(TimeSpan.FromMinutes(1));
        await _world.Patch(second, """{"customer_name":"Ada"}""");
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.AuthError, "revoked", retryable: false));
        Assert.IsType<MirrorStep.Done>(await Mirror(second));
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal("auth_error", (await _world.Todo(await Stored(second))).Error);
        Assert.Equal("archive-1", (await Stored(lead)).Sync!.ExternalId);
    }

    [Fact]
    public async Task An_archive_that_is_declared_later_takes_up_what_had_no_place()
    {
        await Connect(archive: null);
        var conversation = await _world.Conversation();
        await Mirror(conversation);
        var lead = await _world.Lead(conversation);
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal("unsupported", (await _world.Todo(await Stored(lead))).Error);

        await _world.Connect(ArchiveUrl, CrmRole.Archive);
        await _world.Dispatch();
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal(1, Archive.Records);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task An_archive_that_is_removed_and_added_again_loses_nothing_and_gets_nothing_twice()
    {
        await Connect(ArchiveUrl);
        var conversation = await _world.Conversation();
        await Mirror(conversation);
        var lead = await _world.Lead(conversation);
        await Mirror(lead);
        await _world.Connecting.Disconnect(_world.Tenant, CrmRole.Archive, AuditActor.System, default);
        await _world.Patch(lead, """{"name":"Ada"}""");
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Null((await Stored(lead)).PurgeDue);
        Assert.Single(_world.Keys("todo|"));

        await _world.Connect(ArchiveUrl, CrmRole.Archive);
        await _world.Dispatch();
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal(["create", "update"], Archive.Calls.Select(call => call.Verb));
        Assert.Equal(2, (await Stored(lead)).Sync!.Version);
    }

    [Theory]
    [InlineData("https://archive.example.com/v2", "archive-1")]
    [InlineData("https://other.example.com/in", "other-1")]
    [InlineData(null, "archive-1")]
    public async Task An_archive_that_is_replaced_or_removed_while_it_is_written_to(string? url, string holder)
    {
        await Connect(ArchiveUrl);
        var conversation = await _world.Conversation();
        await Mirror(conversation);
        var lead = await _world.Lead(conversation);
        Archive.AfterWrite = () =>
        {
            Archive.AfterWrite = null;
            return url is null ? _world.Connecting.Disconnect(_world.Tenant, CrmRole.Archive, AuditActor.System, default) : _world.Connect(url, CrmRole.Archive);
        };
        await Mirror(lead);
        await Mirror(lead);
        Assert.Equal(holder, (await Stored(lead)).Sync!.ExternalId);
        Assert.Equal(1, Archive.Records);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task A_record_that_had_no_place_when_the_archive_was_declared_meanwhile_is_not_given_up()
    {
        await Connect(archive: null);
        var conversation = await _world.Conversation();
        await Mirror(conversation);
        var lead = await _world.Lead(conversation);
        var calls = _world.Plan.Calls;
        _world.Plan.Meanwhile = async number =>
        {
            // What is owed, the record, the CRM, its credential and the lack of an archive were read; then the archive is declared and has taken up before the failure is recorded.
            if (number == calls + 5)
            {
                _world.Plan.Meanwhile = null;
                await _world.Connect(ArchiveUrl, CrmRole.Archive);
                await _world.Dispatch();
            }
        };
        var retry = Assert.IsType<MirrorStep.Retry>(await Mirror(lead));
        Assert.Null((await _world.Todo(lead)).FailedAt);
        _world.Advance(retry.After);
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal(1, Archive.Records);
    }

    [Fact]
    public async Task An_archive_that_cannot_hold_it_either_is_a_failure_that_no_retry_mends()
    {
        Archive.Capabilities = _world.Crm.Capabilities;
        await Connect(ArchiveUrl);
        var conversation = await _world.Conversation();
        await Mirror(conversation);
        var lead = await _world.Lead(conversation);
        Assert.IsType<MirrorStep.Done>(await Mirror(lead));
        Assert.Equal("unsupported", (await _world.Todo(lead)).Error);
        Assert.Empty(Archive.Calls);
    }

    private async Task Connect(string? archive)
    {
        await _world.Connect();
        if (archive is not null)
        {
            await _world.Connect(archive, CrmRole.Archive);
        }

        await _world.Dispatch();
    }

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);

    private Task<RecordRow> Stored(RecordRow record) => _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
}
