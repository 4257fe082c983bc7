using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Vorel.Testing;

namespace Vorel.Core.Tests.Time;

/// <summary>Clocks that jump under the mirror: what is owed stays owed, is not tried before its time, and reaches the CRM.</summary>
[Trait("Area", "crash")]
public sealed class MirrorClockTests
{
    private readonly FakeTimeProvider _queueTime = new();
    private readonly World _world;

    // The queue's time is the service's own, which nobody moves.
    public MirrorClockTests() => _world = new World(queue: new InMemoryWorkQueue(_queueTime));

    [Theory]
    [InlineData(13)]
    [InlineData(25)]
    [InlineData(360)]
    public async Task A_write_that_waits_for_its_repeat_is_made_once_after_a_jump(int hours)
    {
        var record = await Waiting();
        _world.Domain.Advance(TimeSpan.FromHours(hours));
        Assert.IsType<MirrorStep.Done>(await Mirror(record));
        Assert.Single(_world.Crm.Calls);
        Assert.Empty(_world.Keys("todo|"));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_the_wait_longer_and_the_check_looks_on()
    {
        var record = await Waiting();
        _world.Domain.SetBack(TimeSpan.FromHours(3));
        Assert.Equal(new MirrorStep.Retry(TimeSpan.FromHours(3) + MirrorBackoff.Delays[0]), await Mirror(record));
        Assert.Empty(_world.Crm.Calls);

        _world.Real.Advance(_world.Timings.MirrorCheckDelay);
        _queueTime.Advance(_world.Timings.MirrorCheckDelay);
        var started = _world.Orchestrations.Starts.Count;
        Assert.Equal(1, await _world.Dispatch());
        Assert.Equal(started + 1, _world.Orchestrations.Starts.Count);

        _world.Domain.Advance(TimeSpan.FromHours(4));
        Assert.IsType<MirrorStep.Done>(await Mirror(record));
        Assert.Empty(_world.Keys("todo|"));
    }

    [Theory]
    [InlineData(-180 * 60)]
    [InlineData(-90)]
    [InlineData(0)]
    [InlineData(600 * 60)]
    public async Task Whatever_the_real_clock_does_one_check_goes_on_until_the_CRM_has_it(int seconds)
    {
        var record = await Waiting();
        for (var looks = 0; looks < 3; looks++)
        {
            // One write has failed, so the checks are twice as far apart.
            _queueTime.Advance(_world.Timings.MirrorCheckDelay * 2);
            Assert.Equal(1, await _world.Dispatch());
            Assert.Single(_world.Queue.Inner.Messages(WorkQueues.Live));
            _world.Real.Advance(TimeSpan.FromSeconds(Math.Max(seconds, 0)));
            _world.Real.SetBack(TimeSpan.FromSeconds(Math.Max(-seconds, 0)));
        }

        _world.Domain.Advance(TimeSpan.FromHours(1));
        Assert.IsType<MirrorStep.Done>(await Mirror(record));
        _queueTime.Advance(_world.Timings.MirrorCheckDelay * 2);
        Assert.Equal(1, await _world.Dispatch());
        Assert.Empty(_world.Queue.Inner.Messages(WorkQueues.Live));
    }

    private Task<MirrorStep> Mirror(RecordRow record) => _world.Mirror.Mirror(_world.Tenant, record.Kind, record.Id, default);

    /// <summary>A record whose first write to the CRM failed.</summary>
    private async Task<RecordRow> Waiting()
    {
        await _world.Connect();
        await _world.Dispatch();
        var record = await _world.Conversation();
        await _world.Dispatch();
        _world.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.ProviderUnavailable, "scripted", retryable: true));
        Assert.IsType<MirrorStep.Retry>(await Mirror(record));
        return record;
    }
}
