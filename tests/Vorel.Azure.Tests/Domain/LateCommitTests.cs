using Vorel.Core.Errors;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.Azure.Tests.Domain;

/// <summary>A commit and a tombstone on their way to one row, held on the wire so that either comes first: what stands is what the caller is told.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "crash")]
public sealed class LateCommitTests : IAsyncLifetime
{
    private readonly FaultProxy _proxy;
    private readonly RealWorld _real;
    private readonly HeldRequest _commit;
    private readonly HeldRequest _tombstone;

    public LateCommitTests(AzuriteFixture azurite)
    {
        _proxy = new FaultProxy(azurite.ConnectionString);
        _real = new RealWorld(azurite, _proxy);
        _commit = new HeldRequest(request => request.Path.EndsWith("/$batch", StringComparison.Ordinal) && request.Content.Contains("outbox|", StringComparison.Ordinal));
        _tombstone = new HeldRequest(request => request.Method == "POST"
            && request.Path.EndsWith($"/{RecordRow.Table}", StringComparison.Ordinal)
            && request.Content.Contains("tombstone", StringComparison.Ordinal));
    }

    private World Domain => _real.Domain;

    public Task InitializeAsync() => Domain.Subscribe("conversation.created");

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task A_commit_that_arrives_after_its_writers_tombstone_fails()
    {
        _commit.Hold(_proxy);
        var writing = Create();
        await _commit.Arrived;
        Domain.Real.Advance(Domain.Timings.CommitBudget);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);

        Assert.Contains("EntityAlreadyExists", await _commit.Release(), StringComparison.Ordinal);
        await AssertRefused();
    }

    [Fact]
    public async Task A_commit_that_arrives_after_a_dispatchers_tombstone_fails_and_so_does_its_caller()
    {
        _commit.Hold(_proxy);
        var writing = Create();
        await _commit.Arrived;
        await _real.Dispatch();

        Assert.Contains("EntityAlreadyExists", await _commit.Release(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnavailableException>(() => writing);
        await AssertRefused();
    }

    [Fact]
    public async Task A_commit_that_arrives_a_hair_before_its_writers_tombstone_stands_and_is_answered_so()
    {
        _commit.Hold(_proxy);
        _tombstone.Hold(_proxy);
        var writing = Create();
        await _commit.Arrived;
        Domain.Real.Advance(Domain.Timings.CommitBudget);
        await _tombstone.Arrived;
        Assert.DoesNotContain("EntityAlreadyExists", await _commit.Release(), StringComparison.Ordinal);
        Assert.False(writing.IsCompleted);

        Assert.Contains("EntityAlreadyExists", await _tombstone.Release(), StringComparison.Ordinal);
        await AssertStands(await writing);
    }

    [Fact]
    public async Task A_commit_that_arrives_a_hair_before_a_dispatchers_tombstone_stands_and_that_dispatcher_sends_it_out()
    {
        _commit.Hold(_proxy);
        _tombstone.Hold(_proxy);
        var writing = Create();
        await _commit.Arrived;
        var dispatching = _real.Dispatch();
        await _tombstone.Arrived;
        await _commit.Release();
        var answer = await writing;

        Assert.Contains("EntityAlreadyExists", await _tombstone.Release(), StringComparison.Ordinal);
        await dispatching;
        await AssertStands(answer);
    }

    private Task<RecordAnswer> Create() => Domain.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", "key-1");

    private async Task AssertRefused()
    {
        var row = Assert.Single(await _real.Keys(RecordRow.Table));
        Assert.True((await Domain.Store.Get<OutboxRow>(Partition.Of(Domain.Tenant), row, default))!.Row.IsTombstone);
        await DispatchAll();
        Assert.Empty(await Domain.AllDeliveries());
        await AssertTombstonesGo();

        Assert.Equal(201, (await Create()).Status);
        await _real.Dispatch();
        Assert.Single(await Domain.AllDeliveries());
    }

    private async Task AssertStands(RecordAnswer answer)
    {
        Assert.Equal(201, answer.Status);
        Assert.Equal([answer.Record.RowKey], await _real.Keys(RecordRow.Table, "conversation|"));
        await Eventually.True(
            async () => await _real.DispatchVisible() == 0 && (await Domain.AllDeliveries()).Count > 0, "its event goes out", TimeSpan.FromSeconds(30));
        await DispatchAll();
        Assert.Single(await Domain.AllDeliveries());
        Assert.Equal(answer.Record.Id, (await Create()).Record.Id);
        await AssertTombstonesGo();
    }

    /// <summary>Handles what there is until the queue is empty, hidden messages included.</summary>
    private Task DispatchAll() => Eventually.True(
        async () => await _real.DispatchVisible() == 0 && await _real.Messages() == 0, "the queue is empty", TimeSpan.FromSeconds(30));

    private async Task AssertTombstonesGo()
    {
        Domain.Advance(TimeSpan.FromMinutes(11));
        await Domain.Tick.Run(Domain.Domain.GetUtcNow(), default);
        Assert.Empty(await _real.Keys(RecordRow.Table, "outbox|"));
    }

    /// <summary>The first request of a kind, held before storage until the test lets it go on.</summary>
    private sealed class HeldRequest(Func<ProxiedRequest, bool> which)
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => _arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public void Hold(FaultProxy proxy) => proxy.Add(new Fault(FaultKind.Delay)
        {
            Service = StorageService.Table,
            Matches = which,
            Count = 1,
            HeldUntil = () =>
            {
                _arrived.SetResult();
                return _released.Task;
            },
            Answered = _answered.SetResult,
        });

        /// <summary>Lets it reach storage; what storage said to it.</summary>
        public Task<string> Release()
        {
            _released.SetResult();
            return _answered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
