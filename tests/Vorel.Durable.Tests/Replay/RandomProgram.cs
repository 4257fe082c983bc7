using System.Globalization;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

/// <summary>
/// An orchestrator made of letters, each of which does one thing and adds to a text. <see cref="Plain"/> computes the text without any
/// orchestration. The events it waits for are numbered in the order in which they are raised.
/// </summary>
internal sealed class RandomProgram
{
    private const int Letters = 11;
    private const int Longest = 15;
    private const int ContinuesAsNew = 10;
    private const int TakesEvent = 4;

    private static readonly TaskOptions s_retry = new(new RetryPolicy(5, TimeSpan.FromMinutes(1)));

    private readonly int[] _letters;

    public RandomProgram(IEnumerable<int> numbers) => _letters = [.. numbers.Take(Longest).Select(number => (int)((uint)number % Letters))];

    /// <summary>How many events it takes.</summary>
    public int Events => _letters.Count(letter => letter == TakesEvent);

    /// <summary>How many executions it has.</summary>
    public int Executions => _letters.Count(letter => letter == ContinuesAsNew) + 1;

    public DurableTaskRegistry Registry()
    {
        var failing = new Dictionary<int, int>();
        return new DurableTaskRegistry()
            .AddOrchestrator(TestHub.Orchestrator, () => new LambdaOrchestrator<Progress?, string>(Run))
            .AddOrchestrator("Part", () => new LambdaOrchestrator<int, int>(async (context, n) =>
            {
                await context.CreateTimer(TimeSpan.FromSeconds(n), CancellationToken.None);
                return await context.CallActivityAsync<int>("Square", n);
            }))
            .AddOrchestrator("Broken", () => new LambdaOrchestrator<int, int>((context, n) => context.CallActivityAsync<int>("Break", n)))
            .Activity<int, int>("Square", n => n * n)
            .Activity<int, int>("Break", _ => throw new DurablePayloadException("broken"))
            .Activity<int, int>("Flaky", n =>
            {
                failing[n] = failing.GetValueOrDefault(n) + 1;
                return failing[n] % 3 == 0 ? n : throw new InvalidOperationException();
            });
    }

    public string Plain()
    {
        var events = 0;
        return string.Concat(_letters.Select((letter, i) => letter switch
        {
            0 => $"a{i * i};",
            1 => "t;",
            2 => $"p{i * i},{(i + 1) * (i + 1)},{(i + 2) * (i + 2)};",
            3 => $"f{i};",
            TakesEvent => $"e{events++};",
            5 => "bbroken;",
            6 => $"w{i * i};",
            7 => $"c{i * i};",
            8 => $"q{i * i},{(i + 1) * (i + 1)};",
            9 => "dbroken;",
            _ => "n;",
        }));
    }

    private async Task<string> Run(TaskOrchestrationContext context, Progress? progress)
    {
        var (at, text) = progress ?? new Progress(0, "");
        for (var i = at; i < _letters.Length; i++)
        {
            context.SetCustomStatus(i);
            if (_letters[i] == ContinuesAsNew)
            {
                context.ContinueAsNew(new Progress(i + 1, text + "n;"));
                return "dropped";
            }

            text += await Step(context, _letters[i], i);
        }

        return text;
    }

    private static async Task<string> Step(TaskOrchestrationContext context, int letter, int i)
    {
        switch (letter)
        {
            case 0:
                return $"a{await context.CallActivityAsync<int>("Square", i)};";
            case 1:
                await context.CreateTimer(TimeSpan.FromDays(i), CancellationToken.None);
                return "t;";
            case 2:
                return $"p{await All(3, n => context.CallActivityAsync<int>("Square", n + i))};";
            case 3:
                return $"f{await context.CallActivityAsync<int>("Flaky", i, s_retry)};";
            case TakesEvent:
                return $"e{await context.WaitForExternalEvent<int>("GO")};";
            case 5:
                var failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Break", i));
                return $"b{failure.FailureDetails.ErrorMessage};";
            case 6:
                return await Race(context, i);
            case 7:
                return $"c{await context.CallSubOrchestratorAsync<int>("Part", i)};";
            case 8:
                return $"q{await All(2, n => context.CallSubOrchestratorAsync<int>("Part", n + i))};";
            default:
                var lost = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>("Broken", i));
                return $"d{lost.FailureDetails.ErrorMessage};";
        }
    }

    private static async Task<string> Race(TaskOrchestrationContext context, int i)
    {
        using var loser = new CancellationTokenSource();
        var work = context.CallActivityAsync<int>("Square", i);
        var first = await Task.WhenAny(work, context.CreateTimer(TimeSpan.FromMinutes(1), loser.Token));
        Now(loser);
        return first == work ? $"w{await work};" : "lost;";
    }

    private static async Task<string> All(int count, Func<int, Task<int>> part) =>
        string.Join(',', (await Task.WhenAll(Enumerable.Range(0, count).Select(part))).Select(n => n.ToString(CultureInfo.InvariantCulture)));

    // The cancellation has to run here and now, on the orchestrator's own thread.
    private static void Now(CancellationTokenSource source) => source.Cancel();
}
