namespace Vorel.LocalHost.Durable.Instances;

/// <summary>A part of what a query finds.</summary>
/// <param name="Instances">In the order of their keys.</param>
/// <param name="Next">Asks for what follows; null where nothing does.</param>
internal sealed record InstancePage(IReadOnlyList<InstanceRecord> Instances, string? Next);

/// <summary>What a query reads besides the status.</summary>
[Flags]
internal enum InstancePayloads
{
    None = 0,
    Input = 1,
    Output = 2,
    Both = Input | Output,
}
