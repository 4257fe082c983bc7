using Vorel.Durable.Tests.Engine;
using Vorel.Durable.Tests.Replay;

namespace Vorel.Durable.Tests.Referee;

/// <summary>Random programs give their plain result on an engine that is not ours too, while clients interfere whenever it suits them.</summary>
[Trait("Area", "host")]
public sealed class AnyProgramOnAForeignEngine
{
    private const int Programs = 20;

    [Fact]
    public async Task Gives_its_plain_result_and_takes_every_event_once()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var engine = ForeignEngine.Start(new DurableTaskRegistry());
        await engine.LetTimeFly();
        for (var i = 0; i < Programs; i++)
        {
            var program = new RandomProgram(Enumerable.Range(0, random.Next(16)).Select(_ => random.Next(1000)));
            engine.Registry = program.Registry();
            var id = $"program:{i}";
            await engine.StartInstance(TestHub.Orchestrator, id);
            await Interfere(engine, id, program, random);

            var end = await Ended(engine, id);

            Assert.True(
                end.Output == $"\"{program.Plain()}\"",
                $"Program {i} of seed {seed} is {end.Status} with {end.Output}, not {program.Plain()}: "
                + string.Join(' ', end.History.Select(next => $"{next.Kind}#{next.Number}")));
        }
    }

    private static async Task<ForeignInstance> Ended(ForeignEngine engine, string id)
    {
        try
        {
            return await engine.Until(id, "COMPLETED");
        }
        catch (TimeoutException)
        {
            return await engine.State(id);
        }
    }

    private static async Task Interfere(ForeignEngine engine, string id, RandomProgram program, Random random)
    {
        for (var raised = 0; raised < program.Events;)
        {
            switch (random.Next(4))
            {
                case 0:
                    await engine.Suspend(id);
                    break;
                case 1:
                    await engine.Resume(id);
                    break;
                default:
                    await engine.Raise(id, "go", $"{raised++}");
                    break;
            }
        }

        await engine.Resume(id);
    }
}
