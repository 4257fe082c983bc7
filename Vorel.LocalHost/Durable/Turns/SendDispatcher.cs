using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// Delivers what orchestrations send: events, starts of children, ends of children. Sender and receiver lie in two partitions: a host
/// that dies in between delivers the message twice, as Azure may. A child knows its parent's step and so is started once.
/// </summary>
internal sealed class SendDispatcher(
    HubStore store, LiveInstances live, InstanceStarts starts, InstanceGates gates, HubQueues queues, TimeProvider domain, ILogger logger)
{
    public async Task Run(SendWork work, CancellationToken cancellationToken)
    {
        HistoryEvent? refusal;
        using (await gates.Enter(work.Message.InstanceId, cancellationToken))
        {
            if (work.Message.Message.ExecutionStarted is not null && InstanceStarts.Owes(live.Find(work.Message.InstanceId)))
            {
                queues.Sends.Add(work); // What its place is taken from first delivers what it owes, perhaps by this very worker.
                return;
            }

            refusal = await Deliver(work, cancellationToken);
        }

        using (await gates.Enter(work.InstanceId, cancellationToken))
        {
            if (live.Find(work.InstanceId) is { } sender && sender.Sends.ContainsKey(work.Message.RowKey))
            {
                await Settle(sender, work.Message, refusal, cancellationToken);
                sender.Sends.Remove(work.Message.RowKey);
                live.Release(sender);
            }
        }
    }

    /// <returns>What the sender is told where the message cannot be delivered; null in most cases.</returns>
    private async Task<HistoryEvent?> Deliver(SendWork work, CancellationToken cancellationToken)
    {
        var (target, message) = (work.Message.InstanceId, Events.Now(work.Message.Message, domain.GetUtcNow()));
        if (message.ExecutionStarted is { } start)
        {
            return await StartChild(target, start, cancellationToken);
        }

        if (live.Find(target) is { Record.IsFinished: false } receiver
            && (work.Message.TargetExecution is null || work.Message.TargetExecution == receiver.Record.ExecutionId))
        {
            await live.Append(receiver, message, settles: null, cancellationToken);
        }
        else
        {
            DurableLogs.MessageDropped(logger, work.InstanceId, target);
        }

        return null;
    }

    private async Task<HistoryEvent?> StartChild(string target, ExecutionStartedEvent start, CancellationToken cancellationToken)
    {
        var present = live.Find(target);
        var earlier = present?.Record ?? await store.Instance(target, cancellationToken);
        if (earlier?.Parent is { } parent && parent.Equals(start.ParentInstance))
        {
            return null; // Delivered before.
        }

        if (earlier is { IsFinished: false })
        {
            return Events.ChildEnded(domain.GetUtcNow(), start.ParentInstance.TaskScheduledId, new TurnCompletion(-1, OrchestrationStatus.Failed, null, new TaskFailureDetails
            {
                ErrorType = "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
                ErrorMessage = $"An orchestration with the instance id '{target}' is {earlier.Status}.",
            }));
        }

        await starts.Begin(InstanceStarts.Record(start, domain.GetUtcNow()), present, earlier, cancellationToken);
        return null;
    }

    /// <summary>The row goes with what the sender is told in its place, if it is told anything and still wants to know.</summary>
    private Task Settle(LiveInstance sender, OutgoingMessage message, HistoryEvent? refusal, CancellationToken cancellationToken) =>
        refusal is not null && !sender.Record.IsFinished && sender.Record.ExecutionId == message.ExecutionId
            ? live.Append(sender, refusal, message.RowKey, cancellationToken)
            : store.DeleteAll(HubKeys.Partition(sender.Id), [message.RowKey], cancellationToken);
}
