using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Tests.Security.Rewraps;

public sealed class RewrapTests : IDisposable
{
    private readonly RewrapStage _stage = new();

    private World World => _stage.World;

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Everything_that_is_local_moves_to_the_vault_and_is_what_it_was()
    {
        var key = _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);

        var rewrap = await _stage.Run();

        await _stage.AssertAllAt(key, "local");
        Assert.Equal(
            ("kms:" + key, 2, _stage.Count, _stage.Count, _stage.Count, 0, true),
            (rewrap.KeyId, rewrap.Pass, rewrap.Looked, rewrap.Already, rewrap.Moved, rewrap.Failures.Count, rewrap.IsComplete));
        Assert.NotNull(rewrap.FinishedAt);
        Assert.Empty(World.Keys("running"));
    }

    [Fact]
    public async Task What_an_older_version_sealed_moves_to_the_newest_and_the_older_one_may_go()
    {
        var first = _stage.Vault.AddVersion();
        await _stage.Fill(World.Envelopes);
        await _stage.AssertAllAt(first, "before");
        var second = _stage.Vault.AddVersion();

        var rewrap = await _stage.Run();

        Assert.True(rewrap.IsComplete);
        _stage.Vault.Delete(first);
        await _stage.AssertAllAt(second, "after");
    }

    [Fact]
    public async Task What_is_there_already_is_left_as_it_is()
    {
        _stage.Vault.AddVersion();
        await _stage.Fill(World.Envelopes);
        var before = Sealed();
        var wraps = _stage.Vault.Wraps;

        var rewrap = await _stage.Run();

        Assert.Equal((0L, true, wraps), (rewrap.Moved, rewrap.IsComplete, _stage.Vault.Wraps));
        Assert.Equal(before, Sealed());
    }

    [Fact]
    public async Task A_version_that_is_gone_is_named_and_its_rows_are_left_as_they_are()
    {
        var first = _stage.Vault.AddVersion();
        await _stage.Fill(World.Envelopes);
        _stage.Vault.AddVersion();
        _stage.Vault.Delete(first);
        var before = Sealed();

        var rewrap = await _stage.Run();

        Assert.Equal(new RewrapFailure("key_not_found", "kms:" + first, _stage.Count), Assert.Single(rewrap.Failures));
        Assert.Equal((false, 0L), (rewrap.IsComplete, rewrap.Moved));
        Assert.Equal(before, Sealed());
    }

    [Fact]
    public async Task A_row_that_does_not_open_is_counted_and_holds_up_no_other()
    {
        _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);
        var broken = await World.Store.Inner.Query(SubscriptionRow.Table, Partition.Of(_stage.Tenants[1]), RowRange.All, default).FirstAsync();
        var column = SealedColumns.All.Single(column => column.Name == "webhook");
        var envelope = column.Read(broken)!;
        envelope[^1] ^= 1;
        await World.Store.Inner.Commit(SubscriptionRow.Table, Partition.Of(_stage.Tenants[1]), [column.Write(broken, envelope)], default);

        var rewrap = await _stage.Run();

        var failure = Assert.Single(rewrap.Failures);
        Assert.Equal(("does_not_open", 1L, false), (failure.Code, failure.Count, rewrap.IsComplete));
        Assert.StartsWith("local:", failure.KeyId, StringComparison.Ordinal);
        Assert.Equal(_stage.Count - 1, rewrap.Moved);
    }

    [Fact]
    public async Task A_row_that_changes_meanwhile_keeps_its_change_and_moves()
    {
        var key = _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);
        var changed = new HashSet<string>(StringComparer.Ordinal);
        World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (table == SubscriptionRow.Table && writes[0] is RowWrite.Replace write && changed.Add(write.Key))
            {
                var tenant = await TenantOf(write.Key);
                var stored = (await World.Store.Inner.Get<SubscriptionRow>(tenant, write.Key, default))!;
                Assert.True(await World.Store.Inner.TryReplace(table, tenant, stored with { Row = stored.Row with { Description = "changed" } }, default));
            }
        };

        var rewrap = await _stage.Run();

        Assert.True(rewrap.IsComplete);
        Assert.Equal(_stage.Tenants.Count, changed.Count);
        await _stage.AssertAllAt(key, "changed");
        foreach (var row in changed)
        {
            Assert.Equal("changed", (await World.Store.Inner.Get<SubscriptionRow>(await TenantOf(row), row, default))!.Row.Description);
        }
    }

    [Fact]
    public async Task What_is_sealed_with_the_older_key_behind_the_walk_is_found_by_the_next_pass()
    {
        var key = _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);
        var started = await World.Rewraps.Start(default);
        await Platform.Minutes(World, 1);
        await _stage.Subscription(_stage.Local, _stage.Tenants[0]);

        await Platform.Minutes(World, 40);

        var rewrap = await World.Rewraps.Get(started.Id.ToString("D"), default);
        Assert.Equal((3, true, (long)_stage.Count), (rewrap.Pass, rewrap.IsComplete, rewrap.Moved));
        await _stage.AssertAllAt(key, "behind");
    }

    [Fact]
    public async Task The_next_pass_begins_when_no_process_believes_in_the_older_key_any_more()
    {
        _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);
        var started = await World.Rewraps.Start(default);
        await World.Dispatch();
        Assert.Equal(2, (await World.Rewraps.Get(started.Id.ToString("D"), default)).Pass);

        // A message that comes too early, say the tick's, waits.
        World.Advance(RewrapSlices.PassDistance - TimeSpan.FromSeconds(2));
        await World.Handle(WorkQueues.Commands, new WorkMessage.Rewrap(started.Id, null).ToJson());
        Assert.Null((await World.Rewraps.Get(started.Id.ToString("D"), default)).FinishedAt);

        World.Advance(TimeSpan.FromSeconds(2));
        await World.Dispatch();
        Assert.NotNull((await World.Rewraps.Get(started.Id.ToString("D"), default)).FinishedAt);
    }

    [Fact]
    public async Task A_tenant_with_many_rows_takes_several_slices_and_a_message_that_comes_twice_changes_nothing()
    {
        var key = _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);
        for (var number = 0; number < 230; number++)
        {
            await _stage.Subscription(_stage.Local, _stage.Tenants[1]);
        }

        var started = await World.Rewraps.Start(default);
        var slices = 0;
        while (World.Next() is var (queue, message))
        {
            await World.Handle(queue, message.Body);
            await World.Handle(queue, message.Body);
            await World.Queue.Inner.Remove(queue, message.Receipt, default);
            slices++;
        }

        var rewrap = await World.Rewraps.Get(started.Id.ToString("D"), default);
        Assert.Equal(((_stage.Count / RewrapSlices.SliceSize) + 1, (long)_stage.Count, (long)_stage.Count), (slices, rewrap.Looked, rewrap.Moved));
        await _stage.AssertAllAt(key, "many");
    }

    [Fact]
    public async Task While_one_runs_a_second_start_gives_that_one()
    {
        _stage.Vault.AddVersion();
        await _stage.Fill(_stage.Local);
        var first = await World.Rewraps.Start(default);
        Assert.Equal(first.Id, (await World.Rewraps.Start(default)).Id);

        await Platform.Minutes(World, 40);

        Assert.NotEqual(first.Id, (await World.Rewraps.Start(default)).Id);
    }

    [Fact]
    public async Task Without_a_vault_there_is_nothing_to_move_to()
    {
        var service = new RewrapService(World.Store, World.Queue, _stage.Local, World.Hints, World.Ids, World.Clocks);

        await Assert.ThrowsAsync<ConflictException>(() => service.Start(default));
        await Assert.ThrowsAsync<NotFoundException>(() => service.Get("nothing", default));
        await Assert.ThrowsAsync<NotFoundException>(() => service.Get(Guid.CreateVersion7().ToString("D"), default));
    }

    [Fact]
    public async Task Where_there_is_nothing_it_ends_and_says_so()
    {
        _stage.Vault.AddVersion();

        Assert.True(await _stage.Run() is { IsComplete: true, Looked: 0, Moved: 0 });
    }

    [Fact]
    public void A_tally_keeps_twenty_kinds_of_failures_and_counts_all()
    {
        var tally = Enumerable.Range(0, 100).Aggregate(RewrapTally.None, (sum, number) => sum.AddFailure("does_not_open", $"local:{number}"));

        Assert.Equal((21, 100, 100L), (tally.Failures.Count, tally.Failures.Sum(failure => failure.Count), tally.Looked));
        Assert.Equal(tally.Failures, RewrapTally.ParseFailures(tally.FailuresText()));
    }

    private string Sealed() => string.Join('\n', World.Store.Inner.Dump()
        .Where(entry => entry.Table is "TenantCredentials" or "WebhookSubscriptions" || entry.Table.StartsWith("Payloads", StringComparison.Ordinal))
        .Select(entry => $"{entry.Table} {entry.Row.Key} {entry.Row.ETag}"));

    private async Task<Partition> TenantOf(string key)
    {
        foreach (var tenant in _stage.Tenants)
        {
            if (await World.Store.Inner.Get(SubscriptionRow.Table, Partition.Of(tenant), key, default) is not null)
            {
                return Partition.Of(tenant);
            }
        }

        throw new InvalidOperationException("no such row");
    }
}
