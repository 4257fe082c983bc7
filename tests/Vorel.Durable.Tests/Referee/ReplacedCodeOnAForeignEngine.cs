using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests.Referee;

/// <summary>What becomes of instances whose orchestrator a deployment took away, on an engine that is not ours.</summary>
[Trait("Area", "host")]
public sealed class ReplacedCodeOnAForeignEngine
{
    private const string Flow = TestHub.Orchestrator;

    [Fact]
    public async Task It_can_be_brought_back_while_the_instance_is_suspended()
    {
        var code = Waiting();
        await using var engine = ForeignEngine.Start(code);
        await engine.StartInstance(Flow, "one");
        await engine.Until("one", customStatus: "\"waiting\"");
        await engine.Suspend("one");
        engine.Registry = new DurableTaskRegistry();
        await engine.Raise("one", "go", "7");
        var held = await engine.UntilHistory("one", history => history.Any(next => next.Kind == "EVENTRAISED"));
        Assert.Equal("SUSPENDED", held.Status);

        engine.Registry = code;
        await engine.Resume("one");

        Assert.Equal("7", (await engine.Until("one", "COMPLETED")).Output);
    }

    [Fact]
    public async Task The_instance_can_be_terminated()
    {
        await using var engine = ForeignEngine.Start(Waiting());
        await engine.StartInstance(Flow, "one");
        await engine.Until("one", customStatus: "\"waiting\"");
        engine.Registry = new DurableTaskRegistry();
        await engine.Terminate("one", "enough");

        Assert.Equal("enough", (await engine.Until("one", "TERMINATED")).Output);
    }

    private static DurableTaskRegistry Waiting() => new DurableTaskRegistry().Orchestrator(context =>
    {
        context.SetCustomStatus("waiting");
        return context.WaitForExternalEvent<int>("go");
    });
}
