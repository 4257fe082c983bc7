using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>An activity to call.</summary>
/// <param name="ExecutionId">The execution that asked for it, and alone gets its result.</param>
/// <param name="Id">The action's id.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Input">JSON text, or null.</param>
internal sealed record ScheduledActivity(string ExecutionId, int Id, string Name, string? Input)
{
    public string RowKey => HubKeys.Row(HubKeys.Task, ExecutionId, Id);
}
