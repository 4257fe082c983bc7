using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class MirrorServiceTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_record_is_created_once_and_stamped_with_where_it_lives()
    {
        var conversation = await Connected();
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));

        var call = Assert.Single(_world.Crm.Calls);
        Assert.Equal(("create", CrmObject.Conversation, conversation.Id.ToString("D")), (call.Verb, call.Object, call.Key));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"channel":"whatsapp","customer_identifier":"+971500000001","status":"active"}"""), call.Fields.Values));
        var stored = await Stored(conversation);
        var system = (await _world.Connections.Find(_world.Tenant, default))!.System;
        Assert.Equal(new RecordSync(system, "crm-1", "https://crm.example.com/crm-1", 1, _world.Domain.GetUtcNow()), stored.Sync);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task The_purge_hint_is_filed_before_the_record_is_stamped()
    {
        var conversation = await Connected();
        var order = new List<string>();
        _world.Store.BeforeCommit = (table, writes, _) =>
        {
            order.Add($"{table} {string.Join(' ', writes.Select(write => write.GetType().Name + ":" + write.Key.Split('|')[0]))}");
            return Task.CompletedTask;
        };
        await Mirror(conversation);

        Assert.Equal([$"PurgeIndex Upsert:{_world.Tenant}", "Records Replace:conversation Delete:todo"], order);
        var hint = Assert.Single(_world.Store.Inner.Dump(), entry => entry.Table == "PurgeIndex" && (string)entry.Row.Columns["key"] == conversation.RowKey);
        Assert.StartsWith("20260204", hint.Partition[2..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_an_update_of_the_whole_under_the_key_of_its_version()
    {
        var lead = await ConnectedLead();
        await _world.Patch(lead, """{"name":null,"attributes":{"budget":5}}""");
        await Mirror(lead);

        var call = _world.Crm.Calls[^1];
        Assert.Equal(("update", "crm-2", $"{lead.Id:D}:2", 2L), (call.Verb, call.ExternalId, call.Key, call.Sequence));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"name":null,"email":null,"phone":null,"intent":null,"timeline":null,"qualification_score":null,"status":"new","source":null,"attributes":{"budget":5}}"""),
            call.Fields.Values));
        Assert.Equal(("crm-2", 2L), ((await Stored(lead)).Sync!.ExternalId, (await Stored(lead)).Sync!.Version));
        Assert.Equal("https://crm.example.com/crm-2", (await Stored(lead)).Sync!.Url);
    }

    [Fact]
    public async Task Notes_go_to_the_CRM_though_no_answer_shows_them()
    {
        await _world.Connect();
        var conversation = await _world.Conversation();
        var lead = await _world.Lead(conversation, ""","notes":"allergic" """);
        await Mirror(conversation);
        await Mirror(lead);
        Assert.Equal("allergic", (string?)_world.Crm.Calls[^1].Fields.Values["notes"]);
    }

    [Fact]
    public async Task A_record_that_changes_while_it_is_written_is_written_again_and_never_created_twice()
    {
        var conversation = await Connected();
        _world.Crm.AfterWrite = async () =>
        {
            _world.Crm.AfterWrite = null;
            await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        };
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.Equal(("crm-1", 1L), ((await Stored(conversation)).Sync!.ExternalId, (await Stored(conversation)).Sync!.Version));
        Assert.Null((await Stored(conversation)).PurgeDue);

        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["create", "update"], _world.Crm.Calls.Select(call => call.Verb));
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task A_change_between_purge_hint_and_stamp_does_not_lose_the_external_id()
    {
        var conversation = await Connected();
        _world.Store.AfterCommit = async (table, _) =>
        {
            if (table == "PurgeIndex")
            {
                _world.Store.AfterCommit = null;
                await _world.Patch(conversation, """{"customer_name":"Ada"}""");
            }
        };
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        await Mirror(conversation);
        Assert.Equal(["create", "update"], _world.Crm.Calls.Select(call => call.Verb));
        Assert.Equal("Ada", (await Stored(conversation)).Values["customer_name"]);
    }

    [Fact]
    public async Task A_crash_after_the_CRM_took_it_repeats_the_same_key()
    {
        var conversation = await Connected();
        _world.Store.BeforeCommit = (table, _, _) => table == "PurgeIndex" ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Mirror(conversation));
        _world.Store.BeforeCommit = null;
        await Mirror(conversation);

        Assert.Equal(2, _world.Crm.Calls.Count);
        Assert.Single(_world.Crm.Calls.Select(call => call.Key).Distinct());
        Assert.Equal(1, _world.Crm.Records);
    }

    [Fact]
    public async Task A_change_after_a_create_whose_answer_was_lost_reaches_the_CRM()
    {
        var conversation = await Connected();
        _world.Store.BeforeCommit = (table, _, _) => table == "PurgeIndex" ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Mirror(conversation));
        _world.Store.BeforeCommit = null;
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");

        // The CRM holds what the first create said, and answers the second from that.
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.Null((await Stored(conversation)).PurgeDue);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal(["create", "create", "update"], _world.Crm.Calls.Select(call => call.Verb));
        Assert.Equal("Ada", (string?)_world.Crm.Calls[^1].Fields.Values["customer_name"]);
        Assert.Equal(1, _world.Crm.Records);
    }

    [Fact]
    public async Task Failures_that_may_pass_are_retried_after_growing_waits()
    {
        var conversation = await Connected();
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 8; i++)
        {
            _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
            var retry = Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
            waits.Add(retry.After);

            // Whoever comes earlier waits too, and does not call the CRM.
            Assert.Equal(retry, await Mirror(conversation));
            _world.Advance(retry.After);
        }

        Assert.Equal([1, 5, 15, 60, 300, 900, 3600, 3600], waits.Select(wait => wait.TotalSeconds));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(30, 30)]
    [InlineData(1e9, 86400)]
    [InlineData(-5, 1)]
    public async Task The_providers_own_wait_is_honoured_within_a_day(double asked, double waited)
    {
        var conversation = await Connected();
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "back soon", retryable: true, TimeSpan.FromSeconds(asked)));
        Assert.Equal(TimeSpan.FromSeconds(waited), Assert.IsType<MirrorStep.Retry>(await Mirror(conversation)).After);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(-5.0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(30.0, 30)]
    [InlineData(1e9, 86400)]
    public async Task A_rate_limit_is_waited_out_and_does_not_count_against_the_record(double? asked, double waited)
    {
        var conversation = await Connected();
        for (var i = 0; i < 12; i++)
        {
            _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.RateLimited, "slow down", retryable: true, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
            var retry = Assert.IsType<MirrorStep.Retry>(await Mirror(conversation));
            Assert.InRange(retry.After.TotalSeconds, waited, waited * 1.2);
            Assert.False(retry.Busy);
            _world.Advance(retry.After + TimeSpan.FromMinutes(1));
        }

        // The first failure that is the record's own has the first wait of all.
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true));
        Assert.Equal(1, Assert.IsType<MirrorStep.Retry>(await Mirror(conversation)).After.TotalSeconds);
    }

    [Fact]
    public async Task A_failure_that_no_retry_mends_is_recorded_and_not_repeated()
    {
        var conversation = await Connected();
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ValidationError, "no such field", retryable: false));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        await _world.MirrorStarter.Check(_world.Tenant, conversation.Kind, conversation.Id, mark: null, default);

        Assert.Empty(_world.Crm.Calls);
        Assert.Empty(_world.Orchestrations.Starts);
        Assert.Equal("validation_error", (await _world.Todo(conversation)).Error);
        Assert.Equal(_world.Domain.GetUtcNow(), (await _world.Todo(conversation)).FailedAt);

        // A newer version is tried on its own merits, and pays for the older one too.
        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Equal("Ada", (string?)_world.Crm.Calls[^1].Fields.Values["customer_name"]);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task An_object_that_the_CRM_cannot_hold_is_a_failure_that_no_retry_mends()
    {
        var conversation = await Connected();
        _world.Crm.Capabilities = _world.Crm.Capabilities with { Objects = new HashSet<CrmObject> { CrmObject.Contact } };
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(_world.Crm.Calls);
        Assert.Equal(("unsupported", true), ((await _world.Todo(conversation)).Error, (await _world.Todo(conversation)).FailedAt is not null));
    }

    [Fact]
    public async Task Without_a_CRM_nothing_is_done_and_nothing_is_forgotten()
    {
        var conversation = await _world.Conversation();
        await _world.Dispatch();
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(_world.Orchestrations.Starts);
        Assert.Single(_world.Keys("todo|"));
        Assert.Empty(_world.Keys("outbox|"));
        Assert.Empty(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    [Fact]
    public async Task More_versions_than_a_transaction_holds_are_paid_at_once()
    {
        var conversation = await _world.Conversation();
        for (var i = 0; i < 120; i++)
        {
            await _world.Patch(conversation, $$"""{"customer_name":"Ada {{i}}"}""");
        }

        await _world.Connect();
        Assert.IsType<MirrorStep.Again>(await Mirror(conversation));
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(_world.Keys("todo|"));
        Assert.Equal(["create", "update"], _world.Crm.Calls.Select(call => call.Verb));
        Assert.Equal(121, (await Stored(conversation)).Sync!.Version);
    }

    [Fact]
    public async Task A_todo_row_of_a_record_that_is_gone_goes_too()
    {
        var conversation = await Connected();
        await _world.Store.Inner.Commit("Records", Partition.Of(_world.Tenant), [new RowWrite.Delete(conversation.RowKey, "*")], default);
        Assert.IsType<MirrorStep.Done>(await Mirror(conversation));
        Assert.Empty(_world.Keys("todo|"));
        Assert.Empty(_world.Crm.Calls);
    }

    private async Task<RecordRow> Connected()
    {
        await _world.Connect();
        await _world.Dispatch();
        return await _world.Conversation();
    }

    private async Task<RecordRow> ConnectedLead()
    {
        var conversation = await Connected();
        var lead = await _world.Lead(conversation, ""","name":"Ada" """);
        await Mirror(conversation);
        await Mirror(lead);
        return lead;
    }

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);

    private Task<RecordRow> Stored(RecordRow record) => _world.Records.Get(_world.Tenant, record.Kind, record.Id.ToString("D"), default);
}
