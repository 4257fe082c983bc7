using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>What came of calling an orchestrator.</summary>
internal abstract record OrchestratorAnswer
{
    /// <summary>A well-formed answer.</summary>
    public sealed record Response(OrchestratorResponse Message) : OrchestratorAnswer;

    /// <summary>The call failed in a way that Azure does not retry: the instance fails for good.</summary>
    public sealed record Broken(string Details) : OrchestratorAnswer;

    /// <summary>The call timed out, which Azure retries.</summary>
    public sealed record Aborted : OrchestratorAnswer;
}
