using Vorel.Core.Messaging;
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

    private static string Message(int number) =>
        $$"""{"v":1,"kind":"check","tenant":"0198c0de-0000-7000-8000-000000000000","record":"lead:0198c0de-0000-7000-8000-{{number:x12}}"}""";
}
