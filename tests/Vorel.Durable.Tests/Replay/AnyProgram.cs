using FsCheck;
using FsCheck.Fluent;
using Vorel.Durable.Protocol;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Replay;

/// <summary>
/// Whatever an orchestrator is made of, and in whatever order and how often its steps are reported to end, it gives the result of
/// the same program run plainly.
/// </summary>
public sealed class AnyProgram
{
    private const int Letters = 7;
    private const int Longest = 15;

    /// <summary>A program is a list of these letters: what each does is in <see cref="Step"/>.</summary>
    [Fact]
    public void Gives_its_plain_result_under_any_order_and_duplicates() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        ArbMap.Default.ArbFor<bool>(),
        ArbMap.Default.ArbFor<int>(),
        (numbers, duplicates, seed) =>
        {
            var program = numbers.Take(Longest).Select(number => (int)((uint)number % Letters)).ToArray();
            var random = new System.Random(seed);
            var hub = new TestHub(Registry(program)) { Duplicates = duplicates, Pick = waiting => random.Next(waiting) };
            hub.Start();
            for (var i = 0; i < program.Length; i++)
            {
                hub.Raise("go", $"{i}");
            }

            var end = hub.RunToEnd();

            Assert.Equal(OrchestrationStatus.Completed, end.OrchestrationStatus);
            Assert.Equal($"\"{Plain(program)}\"", end.Result);
        }).Check(Config.QuickThrowOnFailure);

    private static DurableTaskRegistry Registry(int[] program)
    {
        var failing = new Dictionary<int, int>();
        return new DurableTaskRegistry()
            .Orchestrator(async context =>
            {
                var text = "";
                for (var i = 0; i < program.Length; i++)
                {
                    text += await Step(context, program[i], i);
                }

                return text;
            })
            .Activity<int, int>("Square", n => n * n)
            .Activity<int, int>("Break", _ => throw new DurablePayloadException("broken"))
            .Activity<int, int>("Flaky", n =>
            {
                failing[n] = failing.GetValueOrDefault(n) + 1;
                return failing[n] % 3 == 0 ? n : throw new InvalidOperationException();
            });
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
                var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => context.CallActivityAsync<int>("Square", n + i)));
                return $"p{string.Join(',', all)};";
            case 3:
                return $"f{await context.CallActivityAsync<int>("Flaky", i, new TaskOptions(new RetryPolicy(5, TimeSpan.FromMinutes(1))))};";
            case 4:
                await context.WaitForExternalEvent<int>("GO", TimeSpan.FromMinutes(1));
                return "e;";
            case 5:
                var failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Break", i));
                return $"b{failure.FailureDetails.ErrorMessage};";
            default:
                using (var loser = new CancellationTokenSource())
                {
                    var work = context.CallActivityAsync<int>("Square", i);
                    var first = await Task.WhenAny(work, context.CreateTimer(TimeSpan.FromMinutes(1), loser.Token));
                    Now(loser);
                    return first == work ? $"w{await work};" : "lost;";
                }
        }
    }

    private static string Plain(int[] program) => string.Concat(program.Select((letter, i) => letter switch
    {
        0 => $"a{i * i};",
        1 => "t;",
        2 => $"p{i * i},{(i + 1) * (i + 1)},{(i + 2) * (i + 2)};",
        3 => $"f{i};",
        4 => "e;",
        5 => "bbroken;",
        _ => $"w{i * i};",
    }));

    // The cancellation has to run here and now, on the orchestrator's own thread.
    private static void Now(CancellationTokenSource source) => source.Cancel();
}
