using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Testing;

namespace Vorel.Core.Tests.Messaging;

public sealed class PoisonQueuesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryWorkQueue _queues;
    private readonly PoisonQueues _poison;

    public PoisonQueuesTests()
    {
        _queues = new InMemoryWorkQueue(_time);
        _poison = new PoisonQueues(_queues, new UnreadableMessages(_queues, new RecordedAlerts()), new Timings());
    }

    [Fact]
    public async Task Every_message_goes_back_and_rests_for_ten_minutes()
    {
        for (var number = 0; number < 70; number++)
        {
            await _queues.Put("live-poison", Message(number), TimeSpan.Zero, CancellationToken.None);
        }

        Assert.Equal(70, await _poison.Drain("live", CancellationToken.None));

        Assert.Empty(_queues.Messages("live-poison"));
        Assert.Equal(70, _queues.Messages("live").Select(message => message.Body).Distinct().Count());
        Assert.Null(_queues.TakeNext("live", TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.NotNull(_queues.TakeNext("live", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task With_nothing_given_up_nothing_moves()
    {
        await _queues.Put("live", Message(1), TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(0, await _poison.Drain("live", CancellationToken.None));

        Assert.Equal(Message(1), Assert.Single(_queues.Messages("live")).Body);
    }

    [Fact]
    public async Task One_run_moves_a_bounded_number_and_the_next_goes_on()
    {
        for (var number = 0; number < 330; number++)
        {
            await _queues.Put("live-poison", Message(number), TimeSpan.Zero, CancellationToken.None);
        }

        Assert.Equal(320, await _poison.Drain("live", CancellationToken.None));
        Assert.Equal(10, await _poison.Drain("live", CancellationToken.None));
    }

    [Fact]
    public async Task A_message_that_fails_holds_up_none_of_the_others_and_the_failure_is_told()
    {
        for (var number = 0; number < 40; number++)
        {
            await _queues.Put("live-poison", Message(number), TimeSpan.Zero, CancellationToken.None);
        }

        var puts = 0;
        var faulty = new FaultyWorkQueue(_queues, new FaultPlan())
        {
            AfterPut = () => _ = ++puts is 2 or 3 ? throw new InvalidOperationException($"put {puts}") : 0,
        };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Drain(faulty));

        Assert.Equal("put 2", failure.Message);
        Assert.Equal(40, _queues.Messages("live").Select(message => message.Body).Distinct().Count());
        Assert.Equal([Message(1), Message(2)], _queues.Messages("live-poison").Select(message => message.Body).Order());
    }

    [Fact]
    public async Task While_the_queues_are_away_the_rest_is_left_where_it_is()
    {
        await _queues.Put("live-poison", Message(1), TimeSpan.Zero, CancellationToken.None);
        await _queues.Put("live-poison", Message(2), TimeSpan.Zero, CancellationToken.None);
        var puts = 0;
        var faulty = new FaultyWorkQueue(_queues, new FaultPlan()) { AfterPut = () => _ = ++puts > 0 ? throw new StoreUnavailableException("scripted") : 0 };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Drain(faulty));

        Assert.Equal(1, puts);
        Assert.Equal(2, _queues.Messages("live-poison").Count);
    }

    private static Task<int> Drain(IWorkQueue queues) =>
        new PoisonQueues(queues, new UnreadableMessages(queues, new RecordedAlerts()), new Timings()).Drain("live", CancellationToken.None);

    private static string Message(int number) =>
        $$"""{"v":1,"kind":"check","tenant":"0198c0de-0000-7000-8000-000000000000","record":"lead:0198c0de-0000-7000-8000-{{number:x12}}"}""";
}
