using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;
using Vorel.Testing;

namespace Vorel.Durable.Tests.Replay;

public sealed class NonDurableWaits
{
    private const string ErrorType = "Vorel.Durable.NonDurableWaitException";

    [Fact]
    public void Waiting_for_the_process_clock_is_reported() => Reports(async _ =>
    {
        await Task.Delay(TimeSpan.FromDays(1));
        return 1;
    });

    [Fact]
    public void Waiting_for_a_task_that_nothing_ends_is_reported() => Reports(async _ =>
    {
        await new TaskCompletionSource().Task;
        return 1;
    });

    [Fact]
    public void Waiting_for_another_thread_is_reported() => Reports(async _ =>
    {
        var gate = new TaskCompletionSource();
        await Task.Run(() => gate.Task);
        return 1;
    });

    [Fact]
    public void Leaving_the_orchestrators_thread_is_reported() => Reports(async context =>
    {
        await context.CallActivityAsync("Work").ConfigureAwait(false);
        await context.CallActivityAsync("Work");
        return 1;
    });

    [Fact]
    public void A_continuation_from_another_thread_is_reported_even_while_a_step_is_open() => Reports(async context =>
    {
        var open = context.WaitForExternalEvent<string>("never");
        using var resumed = new ManualResetEventSlim();
        var other = new TaskCompletionSource();
        _ = Resumed(other.Task);

        // A thread of its own moves the code on while the turn still runs.
        var thread = new Thread(() =>
        {
            other.SetResult();
            resumed.Set();
        });
        thread.Start();
        resumed.Wait();
        thread.Join();
        return await open;

        static async Task Resumed(Task task) => await task;
    });

    [Fact]
    public void Using_the_context_from_another_thread_is_reported() => Reports(context =>
    {
        Exception? seen = null;
        var thread = new Thread(() => seen = Record.Exception(() => context.NewGuid()));
        thread.Start();
        thread.Join();
        Assert.IsType<NonDurableWaitException>(seen);
        return Task.FromResult(1);
    });

    [Fact]
    public void Cancelling_a_timer_from_another_thread_is_reported_and_kills_nothing() => Reports(async context =>
    {
        using var source = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromMinutes(1), source.Token);
        var thread = new Thread(source.Cancel);
        thread.Start();
        thread.Join();
        await timer;
        return 1;
    });

    [Fact]
    public void A_continuation_that_comes_after_the_turn_is_ignored_and_logged()
    {
        var late = new TaskCompletionSource();
        var ran = false;
        var log = new RecordingLog();
        var registry = new DurableTaskRegistry().Orchestrator(async context =>
        {
            _ = Late();
            return await context.WaitForExternalEvent<string>("go");

            async Task Late()
            {
                await late.Task;
                ran = true;
            }
        });
        var answer = Turn(new OrchestratorEndpoint(registry, TestWorker.Options, log).Execute);
        Assert.Empty(answer.Actions);

        late.SetResult();

        Assert.False(ran);
        Assert.Contains(log.Lines, line => line.Contains("resumed after its turn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blocked_thread_is_given_up_and_reported() =>
        Assert.Equal(ErrorType, Assert.Single((await Blocked()).Actions).CompleteOrchestration.FailureDetails.ErrorType);

    [Fact]
    public async Task A_turn_that_waits_for_a_thread_is_not_taken_for_blocked()
    {
        var (clock, threads) = (new FakeTimeProvider(), new BusyThreads());
        var options = new DurableWorkerOptions { JsonOptions = TestWorker.Options.JsonOptions, TimeProvider = clock };
        var registry = new DurableTaskRegistry().Orchestrator(_ => Task.FromResult(1));
        var call = new OrchestratorEndpoint(registry, options, new RecordingLog()) { Threads = threads }.ExecuteAsync(Request());
        clock.Advance(2 * options.TurnLimit);
        threads.RunAll();

        Assert.Equal(
            OrchestrationStatus.Completed, Assert.Single(Decode(await call).Actions).CompleteOrchestration.OrchestrationStatus);
    }

    [Fact]
    public async Task A_blocked_instance_can_be_terminated_and_suspended()
    {
        var terminated = await Blocked(new HistoryEvent { ExecutionTerminated = new() { Input = "enough" } });
        var suspended = await Blocked(new HistoryEvent { ExecutionSuspended = new() });

        Assert.Equal(OrchestrationStatus.Terminated, Assert.Single(terminated.Actions).CompleteOrchestration.OrchestrationStatus);
        Assert.Empty(suspended.Actions);
        Assert.Null(suspended.CustomStatus);
    }

    [Fact]
    public void A_wait_that_was_over_in_one_turn_and_is_not_in_the_next_is_not_taken_for_a_changed_step()
    {
        var luck = Task.CompletedTask;
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(async context =>
        {
            await luck;
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return 1;
        }));
        hub.Start().Settle();
        luck = new TaskCompletionSource().Task;

        Assert.Equal(ErrorType, hub.RunToEnd().FailureDetails.ErrorType);
    }

    [Fact]
    public void Code_of_its_own_scheduling_stays_on_the_turn()
    {
        var hub = new TestHub(new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                await Task.Yield();
                var thread = Environment.CurrentManagedThreadId;
                var started = await Task.Factory.StartNew(() => Environment.CurrentManagedThreadId);
                var continued = await context.CallActivityAsync<int>("Work").ContinueWith(_ => Environment.CurrentManagedThreadId);
                return thread == started && Environment.CurrentManagedThreadId == continued;
            })
            .Activity<string?, int>("Work", _ => 1));

        Assert.Equal("true", hub.Start().RunToEnd().Result);
    }

    private static void Reports<T>(Func<TaskOrchestrationContext, Task<T>> code)
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(code).Activity<string?, object?>("Work", _ => null));
        var end = hub.Start().RunToEnd();
        Assert.Equal(OrchestrationStatus.Failed, end.OrchestrationStatus);
        Assert.Equal(ErrorType, end.FailureDetails.ErrorType);
        Assert.Contains("'Flow'", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    private static async Task<OrchestratorResponse> Blocked(params HistoryEvent[] after)
    {
        using var never = new ManualResetEventSlim();
        var registry = new DurableTaskRegistry().Orchestrator(_ =>
        {
            never.Wait();
            return Task.FromResult(1);
        });
        var options = new DurableWorkerOptions
        {
            JsonOptions = TestWorker.Options.JsonOptions,
            TurnLimit = TimeSpan.FromMilliseconds(50),
        };

        var answer = await new OrchestratorEndpoint(registry, options, new RecordingLog()).ExecuteAsync(Request(after));
        never.Set();
        return Decode(answer);
    }

    private static OrchestratorResponse Turn(Func<string, string> execute) => Decode(execute(Request()));

    private static OrchestratorResponse Decode(string answer) => OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer));

    private static string Request(params HistoryEvent[] after) => Convert.ToBase64String(new OrchestratorRequest
    {
        InstanceId = TestHub.InstanceId,
        NewEvents =
        {
            new HistoryEvent
            {
                EventId = -1,
                Timestamp = Timestamp.FromDateTime(DateTime.UnixEpoch),
                ExecutionStarted = new ExecutionStartedEvent { Name = TestHub.Orchestrator },
            },
            after,
        },
    }.ToByteArray());
}
