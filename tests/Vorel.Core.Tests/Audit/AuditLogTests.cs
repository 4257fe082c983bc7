using Vorel.Core.Audit;
using Vorel.Core.Due;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Audit;

public sealed class AuditLogTests
{
    [Fact]
    public async Task An_event_is_kept_with_who_did_it_and_in_which_request()
    {
        var stage = await AuditStage.Start();
        var (subject, old, conversation) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var request = Guid.CreateVersion7().ToString("D");
        var actor = new AuditActor(AuditActorKind.Operator, AuditActor.Development) { RequestId = request, Conversation = conversation };

        await stage.World.Audit.Append(
            stage.Tenant,
            new AuditEvent(AuditAction.CrmConnected, actor) { Subject = subject, Old = old, New = subject, Code = AuditCode.Gone, Counts = new Dictionary<AuditCount, long> { [AuditCount.Total] = 3 } },
            default);

        var entry = (await new AuditReader(stage.World.Store, stage.World.AuditKey, stage.World.Clocks).List(stage.Tenant, null, 1, null, default)).Entries[0];
        Assert.Equal((true, "crm.connected", "operator", "development", request), (entry.Intact, entry.Action, entry.ActorKind, entry.Actor, entry.Request?.ToString("D")));
        Assert.Equal((conversation, subject, old, subject, "gone"), (entry.Conversation, entry.Subject, entry.Old, entry.New, entry.Code));
        Assert.Equal([new KeyValuePair<string, long>("total", 3)], entry.Counts);
    }

    [Fact]
    public async Task Rows_of_one_process_are_one_chain_and_a_month_begins_another()
    {
        var stage = await AuditStage.Start();
        await stage.Happen();
        await stage.Happen();
        stage.World.Advance(TimeSpan.FromDays(30));
        await stage.Happen();

        var rows = stage.Rows.Select(row => AuditRow.FromColumns(row.Key, new Columns(row.Columns))).OrderBy(row => row.RowKey[..7], StringComparer.Ordinal).ToList();
        Assert.Equal([1L, 2L, 3L, 1L], rows.Select(row => row.Sequence));
        Assert.Equal(2, rows.Select(row => row.Chain).Distinct().Count());
        Assert.Equal([null, rows[0].Id, rows[1].Id, null], rows.Select(row => row.Previous));
        Assert.Equal(["2026-01", "2026-01", "2026-01", "2026-02"], rows.Select(row => row.RowKey[..7]));
    }

    [Fact]
    public async Task The_hint_for_the_seal_is_there_before_the_first_row()
    {
        var world = new World();
        var tables = new List<string>();
        world.Store.BeforeCommit = (table, _, _) =>
        {
            tables.Add(table);
            return Task.CompletedTask;
        };
        await AuditStage.Start(world);
        Assert.Equal([DueRow.Table, AuditRow.Table, TenantRow.Table], tables);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_nobody_heard_of_is_made_again_and_is_there_once(bool afterEffect)
    {
        var stage = await AuditStage.Start();
        Break(stage, tries: 1, afterEffect);
        var subject = await stage.Happen();
        Heal(stage);
        await stage.Happen();

        Assert.Single(stage.Rows, row => subject.Equals(row.Columns.GetValueOrDefault("subject")));
        Assert.Single(stage.Rows.Select(row => row.Columns["chain"]).Distinct());
        Assert.Null((await stage.Verify()).First);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chain_whose_end_nobody_knows_is_ended_and_that_is_no_break(bool afterEffect)
    {
        var stage = await AuditStage.Start();
        await stage.Happen();
        Break(stage, tries: 2, afterEffect);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stage.Happen());
        Heal(stage);
        await stage.Happen();
        await stage.Happen();

        Assert.Equal(2, stage.Rows.Select(row => row.Columns["chain"]).Distinct().Count());
        Assert.Equal(afterEffect ? 5 : 4, (await stage.Verify()).Rows);
        Assert.Null((await stage.Verify()).First);
        await stage.Days(3);
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public async Task An_append_that_is_given_up_ends_its_chain_and_the_next_goes_on()
    {
        var stage = await AuditStage.Start();
        using var given = new CancellationTokenSource();
        stage.World.Store.BeforeCommit = async (_, _, _) => await given.CancelAsync();
        stage.World.Store.AfterCommit = (_, _) => throw new OperationCanceledException(given.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stage.World.Audit.Append(stage.Tenant, new AuditEvent(AuditAction.ApiKeyIssued, AuditActor.System), given.Token));
        Heal(stage);
        await stage.Happen();
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public async Task Something_else_in_the_place_of_a_row_fails_the_append()
    {
        var stage = await AuditStage.Start();
        var first = true;
        stage.World.Store.BeforeCommit = async (_, writes, _) =>
        {
            if (first)
            {
                first = false;
                await stage.Put(writes[0].Key, new Columns().Set("action", "x").Values);
                throw new StoreUnavailableException("scripted");
            }
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stage.Happen());
    }

    [Fact]
    public async Task Fifty_appends_at_once_by_each_of_three_processes_wait_for_nobody_and_there_is_no_break()
    {
        var stage = await AuditStage.Start();
        stage.World.Store.BeforeCommit = async (_, _, _) => await Task.Yield();
        AuditLog[] logs = [stage.NewLog(), stage.NewLog(), stage.NewLog()];
        var subjects = await Task.WhenAll(logs.SelectMany(log => Enumerable.Range(0, 50).Select(_ => Task.Run(() => stage.Happen(log)))));

        var verdict = await stage.Verify();
        Assert.Null(verdict.First);
        Assert.Equal(151, verdict.Rows);
        Assert.Empty(subjects.Except(stage.Rows.Skip(1).Select(row => (Guid)row.Columns["subject"])));

        // Each chain goes on from one end only.
        Assert.Equal(151, stage.Rows.Select(row => (row.Columns["chain"], row.Columns["sequence"])).Distinct().Count());
    }

    [Fact]
    public async Task An_append_that_stands_still_holds_no_other_up()
    {
        var stage = await AuditStage.Start();
        var gate = new TaskCompletionSource();
        stage.World.Store.BeforeCommit = (_, _, _) => gate.Task;
        var standing = stage.Happen();
        Heal(stage);
        await stage.Happen();
        await stage.Happen();
        gate.SetResult();
        await standing;

        Assert.Equal(2, stage.Rows.Select(row => row.Columns["chain"]).Distinct().Count());
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public void Many_tenants_take_bounded_memory_and_one_that_comes_back_begins_a_chain()
    {
        var (chains, tenant) = (new AuditChains(most: 10), new TenantId(Guid.NewGuid()));
        var head = new AuditHead(Guid.NewGuid(), 1, Guid.CreateVersion7(), new byte[32]);
        chains.Put(tenant, head);
        Assert.Same(head, chains.Take(tenant));
        Assert.Null(chains.Take(tenant));
        chains.Put(tenant, head);
        for (var count = 0; count < 30; count++)
        {
            chains.Put(new TenantId(Guid.NewGuid()), head);
        }

        Assert.Null(chains.Take(tenant));
    }

    [Fact]
    public void A_tenant_that_is_used_stays_remembered_among_many()
    {
        var (chains, tenant) = (new AuditChains(most: 10), new TenantId(Guid.NewGuid()));
        var head = new AuditHead(Guid.NewGuid(), 1, Guid.CreateVersion7(), new byte[32]);
        for (var count = 0; count < 100; count++)
        {
            chains.Put(tenant, head);
            chains.Put(new TenantId(Guid.NewGuid()), head);
            Assert.Same(head, chains.Take(tenant));
        }
    }

    [Fact]
    public void Of_many_chains_that_were_written_at_once_a_few_are_kept()
    {
        var (chains, tenant) = (new AuditChains(most: 10), new TenantId(Guid.NewGuid()));
        for (var count = 0; count < 50; count++)
        {
            chains.Put(tenant, new AuditHead(Guid.NewGuid(), 1, Guid.CreateVersion7(), new byte[32]));
        }

        Assert.Equal(4, Enumerable.Range(0, 50).Count(_ => chains.Take(tenant) is not null));
    }

    private static void Break(AuditStage stage, int tries, bool afterEffect)
    {
        var left = tries;
        if (afterEffect)
        {
            stage.World.Store.AfterCommit = (table, _) => Fail(table);

            // The second try finds the first one's rows, and cannot ask whose they are.
            stage.World.Store.BeforeCommit = (table, _, _) => tries > 1 && left < tries ? Fail(table) : Task.CompletedTask;
        }
        else
        {
            stage.World.Store.BeforeCommit = (table, _, _) => Fail(table);
        }

        Task Fail(string table) => table == AuditRow.Table && left-- > 0 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
    }

    private static void Heal(AuditStage stage) => (stage.World.Store.BeforeCommit, stage.World.Store.AfterCommit) = (null, null);
}
