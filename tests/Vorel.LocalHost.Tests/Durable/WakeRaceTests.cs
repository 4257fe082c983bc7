using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Functions.Triggers.Durable;
using Vorel.LocalHost.Tests.Durable.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable;

/// <summary>
/// A new version of a record against the end of the orchestration that mirrors it: start, wake where it runs, start where it ended
/// meanwhile, and look again later while something is owed.
/// </summary>
[Collection(nameof(HubCollection))]
[Trait("Area", "crash")]
public sealed class WakeRaceTests : IAsyncLifetime
{
    private const int Rounds = 60;
    private const string Id = "record:t:lead:1";

    private static readonly RecordReference s_input = new(Guid.Empty, "lead", Guid.Empty);

    private readonly Flows _flows = new();
    private readonly HubWorld _world;
    private RunningHub _hub = null!;
    private DurableTaskClient _client = null!;
    private int _version;
    private int _mirrored;
    private int _looks;

    public WakeRaceTests(AzuriteFixture azurite)
    {
        _world = new HubWorld(azurite, _flows.Handler);
        _flows.Mirror = Look;
    }

    private enum Outcome
    {
        Started,
        Woken,
    }

    public async Task InitializeAsync()
    {
        _hub = await _world.Start();
        _client = await _hub.Client(FlowJson.Default.Options);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_version_that_comes_while_the_last_one_is_written_is_looked_at_at_once()
    {
        var second = false;
        _flows.Mirror = async () =>
        {
            var step = await Look();
            if (!second)
            {
                second = true;
                _version++;
                Assert.Equal(Outcome.Woken, await StartOrWake());
            }

            return step;
        };
        _version++;
        Assert.Equal(Outcome.Started, await StartOrWake());
        await _hub.Ended(Id);

        Assert.Equal((2, 2), (_mirrored, _looks));
    }

    [Fact]
    public async Task A_version_that_comes_while_the_end_is_on_its_way_waits_for_the_check()
    {
        var woken = false;
        _flows.Decided = async answer =>
        {
            if (!woken && answer.Actions.Any(action => action.CompleteOrchestration is not null))
            {
                // The hub takes the event of an instance that runs, as far as it knows; the end that it hears of next takes no note of it.
                woken = true;
                _version++;
                Assert.Equal(Outcome.Woken, await StartOrWake());
            }
        };
        _version++;
        await StartOrWake();
        await _hub.Ended(Id);
        await _hub.Settle();
        Assert.Equal((1, 1), (_mirrored, _looks));

        Assert.Equal(Outcome.Started, await StartOrWake());
        await _hub.Ended(Id);
        Assert.Equal((2, 2), (_mirrored, _looks));
    }

    [Fact]
    public async Task Whenever_versions_come_the_newest_is_written_at_once_or_by_the_check()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var looked = _looks;
            Interlocked.Increment(ref _version);
            await StartOrWake();
            await Eventually.True(() => Volatile.Read(ref _looks) > looked, "it is looked at");

            // Its end is some milliseconds off: the next version comes before it, in the middle of it or, every sixth time for certain, after it.
            var ended = round % 6 == 5;
            await (ended ? _hub.Ended(Id) : Events(round % 6));
            Interlocked.Increment(ref _version);
            var outcome = await StartOrWake();
            Assert.True(!ended || outcome == Outcome.Started);
            await _hub.Ended(Id);
            if (Volatile.Read(ref _mirrored) == _version)
            {
                continue;
            }

            // Only one that runs, as far as the hub knows, may miss a version; what was started begins by looking.
            Assert.Equal(Outcome.Woken, outcome);
            Assert.Equal(Outcome.Started, await StartOrWake());
            await _hub.Ended(Id);
            Assert.Equal(_version, _mirrored);
        }

        // How many fell between the last look and the end is chance; the test above makes one do so. None was lost, wherever it fell.
        Assert.Equal((2 * Rounds, 2 * Rounds), (_version, _mirrored));
    }

    private Task<NextStep> Look()
    {
        Interlocked.Increment(ref _looks);
        Volatile.Write(ref _mirrored, Volatile.Read(ref _version));
        return Task.FromResult(NextStep.Done);
    }

    /// <summary>Lets so many calls to the hub go by.</summary>
    private async Task Events(int count)
    {
        for (var call = 0; call < count; call++)
        {
            await _client.GetInstanceAsync(Id);
        }
    }

    /// <summary>What the product's starter does for a record that was written.</summary>
    private async Task<Outcome> StartOrWake()
    {
        while (true)
        {
            try
            {
                await _client.ScheduleNewOrchestrationInstanceAsync("RecordLifecycle", s_input, new StartOrchestrationOptions(Id));
                return Outcome.Started;
            }
            catch (OrchestrationAlreadyExistsException)
            {
            }

            try
            {
                await _client.RaiseEventAsync(Id, "changed");
                return Outcome.Woken;
            }
            catch (DurableClientException exception) when (exception.Status is GrpcStatus.NotFound or GrpcStatus.FailedPrecondition)
            {
            }
        }
    }
}
