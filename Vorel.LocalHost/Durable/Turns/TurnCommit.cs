using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// A turn as transactions. Nearly always it is one. Where rows do not fit into one they are laid down in transactions before it and
/// mean nothing until the last one raises the instance's counters: a start finds rows above them and takes them away.
/// </summary>
internal static class TurnCommit
{
    private const int MaxWrites = 100;
    private const long MaxBytes = 3 * 1024 * 1024;

    public static IReadOnlyList<IReadOnlyList<HubWrite>> Of(
        LiveInstance instance, IReadOnlyList<InboxEvent> batch, IReadOnlyList<byte[]> chunks, TurnOutcome outcome)
    {
        List<HubWrite> last =
        [
            new HubWrite.Merge(HubKeys.Instance(HubKeys.Partition(instance.Id)), HubRows.Progress(outcome.Instance)),
            .. batch.Select(item => new HubWrite.Delete(LiveInstances.Row(instance, HubKeys.Inbox, item.Number))),
        ];
        var transactions = new List<IReadOnlyList<HubWrite>>();
        var current = last;
        foreach (var row in Rows(instance, chunks, outcome))
        {
            if (current.Count == MaxWrites || current.Sum(write => write.Size) + row.Size > MaxBytes)
            {
                current = [];
                transactions.Add(current);
            }

            current.Add(row);
        }

        transactions.Add(last);
        return transactions;
    }

    private static IEnumerable<HubWrite> Rows(LiveInstance instance, IReadOnlyList<byte[]> chunks, TurnOutcome outcome)
    {
        var turn = outcome.Instance.Turns;
        var first = outcome.Instance.Chunks - chunks.Count + 1;
        foreach (var (index, chunk) in chunks.Index())
        {
            yield return new HubWrite.Upsert(LiveInstances.Row(instance, HubKeys.History, first + index), HubRows.HistoryChunk(chunk));
        }

        foreach (var activity in outcome.Activities)
        {
            yield return new HubWrite.Upsert(LiveInstances.Row(instance, HubKeys.Task, activity.Id), HubRows.Activity(activity, turn));
        }

        foreach (var timer in outcome.Instance.IsFinished ? [] : outcome.Timers)
        {
            yield return new HubWrite.Upsert(LiveInstances.Row(instance, HubKeys.Timer, timer.Id), HubRows.Timer(timer, turn));
        }

        foreach (var send in outcome.Sends)
        {
            yield return new HubWrite.Upsert(LiveInstances.Row(instance, HubKeys.Send, send.Id), HubRows.Send(send, turn));
        }
    }
}
