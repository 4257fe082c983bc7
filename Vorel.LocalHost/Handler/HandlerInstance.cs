using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Handler;

/// <summary>One Functions host of the platform: its handler process, and the gate that calls to it go through.</summary>
internal sealed record HandlerInstance(Assignment Assignment, HandlerSupervisor Supervisor)
{
    public HandlerGate Gate => Supervisor.Gate;

    /// <summary>True while its handler answers, as far as the host knows.</summary>
    public bool IsReady => Gate.IsOpen && Supervisor.State != HandlerState.Error;

    /// <summary>What is told of it from outside; null before its handler's first start.</summary>
    public StackHandler? Describe() => Supervisor.Newest is not { } newest
        ? null
        : new StackHandler(
            Assignment.Name,
            [.. Assignment.Groups.Select(group => group.Name)],
            Assignment.Functions,
            newest.Address,
            newest.ProcessId,
            newest.WorkerId,
            Supervisor.Starts,
            Supervisor.State);
}
