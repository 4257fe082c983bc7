using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Recording;

namespace Vorel.Functions.Tests.Golden;

/// <summary>
/// Plays a recorded history against the orchestrators of today, turn by turn as the host did, and says where they do otherwise than
/// those of the recording.
/// </summary>
/// <param name="path">The recording's name.</param>
/// <param name="history">The recording.</param>
/// <param name="play">Answers an orchestrator call.</param>
internal sealed class HistoryReplay(string path, RecordedHistory history, Func<OrchestratorRequest, Task<OrchestratorResponse>> play)
{
    private readonly IReadOnlyList<RecordedTurn> _turns = RecordedTurn.Of(history.Events);

    /// <summary>The turns whose answers are known, in order.</summary>
    public IReadOnlyList<RecordedTurn> Turns => [.. _turns.Where(turn => !turn.WasNeverAnswered)];

    /// <summary>Every turn as the host sent it: the turns before it as the past, its own events as new. Null if nothing differs, else the first difference.</summary>
    public async Task<string?> AsRecorded()
    {
        foreach (var turn in Turns)
        {
            if (await Difference(turn, firstNew: turn.Number) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>
    /// Every turn again with each number of turns before it counted as new rather than as past. What is new and what is past may only
    /// change what is logged, so the answers must be the same.
    /// </summary>
    public async Task<string?> InOtherBatches()
    {
        foreach (var turn in Turns)
        {
            for (var firstNew = turn.Number - 1; firstNew > 0; firstNew--)
            {
                if (await Difference(turn, firstNew) is { } difference)
                {
                    return difference;
                }
            }
        }

        return null;
    }

    private async Task<string?> Difference(RecordedTurn turn, int firstNew)
    {
        var answer = await play(new OrchestratorRequest
        {
            InstanceId = history.InstanceId,
            PastEvents = { _turns.Take(firstNew - 1).SelectMany(earlier => earlier.All) },
            NewEvents = { _turns.Skip(firstNew - 1).Take(turn.Number - firstNew).SelectMany(earlier => earlier.All), turn.New },
        });
        List<string> recorded = [.. turn.Steps.Select(StepText.Of)];
        List<string> now = [.. answer.Actions.Select(StepText.Of)];
        if (turn.Number == _turns.Count)
        {
            recorded.Add($"custom status {history.CustomStatus ?? "none"}");
            now.Add($"custom status {answer.CustomStatus ?? "none"}");
        }

        return recorded.SequenceEqual(now) ? null : Describe(turn, firstNew, recorded, now);
    }

    private string Describe(RecordedTurn turn, int firstNew, List<string> recorded, List<string> now)
    {
        var batch = firstNew == turn.Number ? "" : $", with turns {firstNew} to {turn.Number} in one batch of new events";
        var heard = string.Join(", ", turn.New.Skip(1).Select(item => item.EventTypeCase));
        var lines = Enumerable.Range(0, Math.Max(recorded.Count, now.Count)).SelectMany(index => Lines(recorded.ElementAtOrDefault(index), now.ElementAtOrDefault(index)));
        return $"""
            {history.Orchestrator} no longer follows its recorded path '{path}': instances that are on this path in production may break.
            Turn {turn.Number} of {_turns.Count} (on {heard}){batch}:
            {string.Join('\n', lines)}
            '-' is what the recording holds, '+' is what the code does now. tests/golden/README.md says what to do.
            """;
    }

    private static IEnumerable<string> Lines(string? recorded, string? now)
    {
        if (recorded == now)
        {
            return [$"    {recorded}"];
        }

        string?[] lines = [recorded is null ? null : $"  - {recorded}", now is null ? null : $"  + {now}"];
        return lines.OfType<string>();
    }
}
