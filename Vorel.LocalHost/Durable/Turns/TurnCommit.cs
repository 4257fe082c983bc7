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
        return Of(
            [
                new HubWrite.Merge(Row(instance), HubRows.Progress(outcome.Instance)),
                .. batch.Select(item => new HubWrite.Delete(LiveInstances.Row(instance, HubKeys.Inbox, item.Number))),
            ],
            [.. Chunks(instance, chunks, outcome), .. Work(instance, outcome)]);
    }

    /// <summary>
    /// The turn that ends an execution to begin the next. Nothing of the old one's history and inbox is touched: with the new execution
    /// id it concerns nobody any more.
    /// </summary>
    /// <param name="instance">The instance, still at its old execution.</param>
    /// <param name="inbox">The new execution's inbox, from its start.</param>
    /// <param name="outcome">The turn.</param>
    public static IReadOnlyList<IReadOnlyList<HubWrite>> Of(LiveInstance instance, IReadOnlyList<InboxEvent> inbox, TurnOutcome outcome) => Of(
        [new HubWrite.Upsert(Row(instance), HubRows.NewInstance(outcome.Instance))],
        [
            .. Work(instance, outcome),
            .. inbox.Select(item => new HubWrite.Upsert(
                HubKeys.Row(HubKeys.Inbox, outcome.Instance.ExecutionId, item.Number), HubRows.InboxEvent(item.Event))),
        ]);

    private static List<IReadOnlyList<HubWrite>> Of(List<HubWrite> last, IEnumerable<HubWrite> rows)
    {
        var transactions = new List<IReadOnlyList<HubWrite>>();
        var current = last;
        foreach (var row in rows)
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

    private static string Row(LiveInstance instance) => HubKeys.Instance(HubKeys.Partition(instance.Id));

    private static IEnumerable<HubWrite> Chunks(LiveInstance instance, IReadOnlyList<byte[]> chunks, TurnOutcome outcome)
    {
        var first = outcome.Instance.Chunks - chunks.Count + 1;
        foreach (var (index, chunk) in chunks.Index())
        {
            yield return new HubWrite.Upsert(LiveInstances.Row(instance, HubKeys.History, first + index), HubRows.HistoryChunk(chunk));
        }
    }

    private static IEnumerable<HubWrite> Work(LiveInstance instance, TurnOutcome outcome)
    {
        var turn = outcome.Instance.Turns;
        foreach (var activity in outcome.Activities)
        {
            yield return new HubWrite.Upsert(activity.RowKey, HubRows.Activity(activity, turn));
        }

        foreach (var timer in outcome.Timers)
        {
            yield return new HubWrite.Upsert(LiveInstances.Row(instance, HubKeys.Timer, timer.Id), HubRows.Timer(timer, turn));
        }

        foreach (var send in outcome.Sends)
        {
            yield return new HubWrite.Upsert(send.RowKey, HubRows.Send(send, turn));
        }
    }
}
