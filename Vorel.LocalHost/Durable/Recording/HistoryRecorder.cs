using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Recording;

/// <summary>
/// Leaves a file for every execution that ends, for tests that replay it. An execution that ends in a crash between its last commit
/// and its file has none: the files are a developer's, not the hub's.
/// </summary>
/// <param name="folder">Where the files go, named by execution; null for nowhere.</param>
/// <param name="logger">The hub's log.</param>
internal sealed class HistoryRecorder(string? folder, ILogger logger)
{
    /// <summary>Takes note of a committed turn. Whatever goes wrong with the file is a warning and nothing else.</summary>
    public void TurnCommitted(InstanceRecord record, IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> turn)
    {
        if (folder is null || turn.Select(Outcome).LastOrDefault(status => status is not null) is not { } outcome)
        {
            return;
        }

        var history = new RecordedHistory(record.Name, record.InstanceId, record.ExecutionId, outcome.ToString(), record.CustomStatus, [.. past, .. turn]);
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, record.ExecutionId + ".json");
            File.WriteAllText(path + ".tmp", history.ToJson());
            File.Move(path + ".tmp", path, overwrite: true);
        }
        catch (Exception error)
        {
            DurableLogs.HistoryNotRecorded(logger, record.InstanceId, error);
        }
    }

    private static OrchestrationStatus? Outcome(HistoryEvent item) => item.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.ExecutionCompleted => item.ExecutionCompleted.OrchestrationStatus,
        HistoryEvent.EventTypeOneofCase.ContinueAsNew => OrchestrationStatus.ContinuedAsNew,
        _ => null,
    };
}
