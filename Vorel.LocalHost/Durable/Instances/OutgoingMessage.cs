using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>A message on its way to another instance, or to the sender itself: an event, the start of a child, or a child's end.</summary>
/// <param name="ExecutionId">The execution that sends it.</param>
/// <param name="Id">The action's id; <see cref="EndOfChild"/> for what the end of the execution tells its parent.</param>
/// <param name="InstanceId">The receiver.</param>
/// <param name="Message">What it gets. The time is set on delivery.</param>
/// <param name="TargetExecution">The one execution it concerns; null for whichever there is.</param>
internal sealed record OutgoingMessage(string ExecutionId, int Id, string InstanceId, HistoryEvent Message, string? TargetExecution = null)
{
    public const int EndOfChild = int.MaxValue;

    public string RowKey => HubKeys.Row(HubKeys.Send, ExecutionId, Id);
}
