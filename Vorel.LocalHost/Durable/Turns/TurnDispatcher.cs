using Vorel.Durable.Protocol;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Recording;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>Runs the turns of orchestrations: read, call, commit.</summary>
internal sealed class TurnDispatcher(
    HubStore store,
    LiveInstances live,
    InstanceGates gates,
    HubQueues queues,
    HistoryCache histories,
    DurableFunctions functions,
    OrchestratorCaller caller,
    HistoryRecorder recorder,
    Chaos chaos,
    DomainClock clock,
    ILogger logger)
{
    private const int MaxBatchBytes = 1024 * 1024;

    public async Task Run(LiveInstance instance, CancellationToken cancellationToken)
    {
        InstanceRecord record;
        List<InboxEvent> batch;
        using (await gates.Enter(instance.Id, cancellationToken))
        {
            record = instance.Record;
            batch = NextBatch(instance.Inbox);
        }

        var past = histories.Get(record.ExecutionId) ?? await store.History(record, cancellationToken);
        var turn = Turn.Begin(record, past, batch.Select(item => item.Event), clock.GetUtcNow());
        var outcome = await Play(turn, record, cancellationToken);
        while (outcome is not null && chaos.ReplaysTurn())
        {
            outcome = await Play(turn, record, cancellationToken);
        }

        // A call that broke because everything stops says nothing about the orchestrator: the turn is played again after the start.
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome is null)
        {
            _ = queues.AddLater(queues.Turns, instance, ++instance.AbortedTurns, cancellationToken);
            return;
        }

        using (await gates.Enter(instance.Id, cancellationToken))
        {
            await Commit(instance, batch, past, outcome, cancellationToken);
        }
    }

    private static List<InboxEvent> NextBatch(Queue<InboxEvent> inbox)
    {
        var bytes = 0;
        return [.. inbox.Take(HubQueues.MaxBatch).TakeWhile((item, index) => (bytes += item.Event.CalculateSize()) <= MaxBatchBytes || index == 0)];
    }

    private async Task<TurnOutcome?> Play(Turn turn, InstanceRecord record, CancellationToken cancellationToken)
    {
        if (functions.Orchestrator(record.Name) is not { } function)
        {
            return turn.Fail(record.Name, $"The orchestrator function '{record.Name}' does not exist.");
        }

        switch (await caller.Call(function, turn.Request(), cancellationToken))
        {
            case OrchestratorAnswer.Response response:
                try
                {
                    return turn.Apply(response.Message);
                }
                catch (UnusableAnswerException error)
                {
                    DurableLogs.TurnUnusable(logger, record.InstanceId, function.Name, error.Message);
                    return turn.Fail(function.Name, error.Message);
                }

            case OrchestratorAnswer.Broken broken:
                DurableLogs.TurnBroken(logger, record.InstanceId, function.Name, broken.Details);
                return turn.Fail(function.Name, broken.Details);
            default:
                DurableLogs.TurnTimedOut(logger, record.InstanceId, function.Name);
                return null;
        }
    }

    private async Task Commit(
        LiveInstance instance, List<InboxEvent> batch, IReadOnlyList<HistoryEvent> past, TurnOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.NextExecution.Count > 0)
        {
            await ContinueAsNew(instance, batch, past, outcome, cancellationToken);
            return;
        }

        var chunks = HistoryChunks.Write(outcome.Events);
        var record = outcome.Instance with { Chunks = outcome.Instance.Chunks + chunks.Count };
        await Write(instance, TurnCommit.Of(instance, batch, chunks, outcome with { Instance = record }), cancellationToken);
        recorder.TurnCommitted(record, past, outcome.Events);
        Take(instance, batch, outcome, record);
        if (record.IsFinished)
        {
            histories.Remove(record.ExecutionId);
            await Finish(instance, cancellationToken);
            return;
        }

        histories.Put(record.ExecutionId, [.. past, .. outcome.Events]);
        GoOn(instance);
    }

    /// <summary>
    /// One execution ends and the next begins in the transaction that changes the execution id. What was on its way to the instance
    /// whichever its execution follows what the old one carried over; the ends of the old one's steps concern nobody.
    /// </summary>
    private async Task ContinueAsNew(
        LiveInstance instance, List<InboxEvent> batch, IReadOnlyList<HistoryEvent> past, TurnOutcome outcome, CancellationToken cancellationToken)
    {
        var old = instance.Record;
        List<string> leftovers = [.. Enumerable.Range(1, old.Chunks).Select(chunk => LiveInstances.Row(instance, HubKeys.History, chunk)), .. Leftovers(instance)];
        var late = instance.Inbox.Skip(batch.Count).Select(item => item.Event).Where(Events.OutlivesExecution);
        List<InboxEvent> inbox = [.. outcome.NextExecution.Concat(late).Select((item, index) => new InboxEvent(index + 1, item))];
        await Write(instance, TurnCommit.Of(instance, inbox, outcome), cancellationToken);

        recorder.TurnCommitted(outcome.Instance with { ExecutionId = old.ExecutionId }, past, outcome.Events);
        ForgetTimers(instance);
        instance.Inbox.Clear();
        Take(instance, [], outcome, outcome.Instance);
        inbox.ForEach(instance.Inbox.Enqueue);
        instance.LastInbox = inbox.Count;
        histories.Remove(old.ExecutionId);
        await store.DeleteAll(HubKeys.Partition(instance.Id), leftovers, cancellationToken);
        GoOn(instance);
    }

    private async Task Write(LiveInstance instance, IEnumerable<IReadOnlyList<HubWrite>> transactions, CancellationToken cancellationToken)
    {
        foreach (var transaction in transactions)
        {
            await store.Commit(HubKeys.Partition(instance.Id), transaction, cancellationToken);
        }
    }

    private void GoOn(LiveInstance instance)
    {
        if (instance.Inbox.Count > 0)
        {
            queues.Turns.Add(instance);
        }
        else
        {
            instance.TurnPending = false;
        }
    }

    private void Take(LiveInstance instance, List<InboxEvent> batch, TurnOutcome outcome, InstanceRecord record)
    {
        // Inputs, outputs and statuses are read from the table by who asks for them.
        instance.Record = record with { Input = null, Output = null, CustomStatus = null };
        instance.AbortedTurns = 0;
        foreach (var _ in batch)
        {
            instance.Inbox.Dequeue();
        }

        foreach (var activity in outcome.Activities)
        {
            instance.Activities[activity.RowKey] = activity;
        }

        foreach (var send in outcome.Sends)
        {
            instance.Sends[send.RowKey] = send;
        }

        foreach (var timer in outcome.Timers)
        {
            instance.Timers[timer.Id] = timer.FireAt;
        }

        live.Queue(instance, outcome.Activities, outcome.Timers, outcome.Sends);
    }

    /// <summary>What came too late for a finished instance is dropped, as are its timers; activities under way end by themselves.</summary>
    private async Task Finish(LiveInstance instance, CancellationToken cancellationToken)
    {
        var leftovers = Leftovers(instance);
        ForgetTimers(instance);
        instance.Inbox.Clear();
        instance.TurnPending = false;
        await store.DeleteAll(HubKeys.Partition(instance.Id), leftovers, cancellationToken);
        live.Release(instance);
    }

    private static List<string> Leftovers(LiveInstance instance) =>
    [
        .. instance.Inbox.Select(item => LiveInstances.Row(instance, HubKeys.Inbox, item.Number)),
        .. instance.Timers.Keys.Select(id => LiveInstances.Row(instance, HubKeys.Timer, id)),
    ];

    private void ForgetTimers(LiveInstance instance)
    {
        foreach (var (id, fireAt) in instance.Timers)
        {
            queues.Timers.Remove(new DueTimer(fireAt, instance.Id, instance.Record.ExecutionId, id));
        }

        instance.Timers.Clear();
    }
}
