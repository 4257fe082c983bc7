namespace Vorel.Durable;

/// <summary>What an activity knows of the call it serves.</summary>
/// <param name="Name">The activity's name.</param>
/// <param name="InstanceId">The calling orchestration, as the host reports it; empty when unknown. For logs, not for decisions.</param>
/// <param name="CancellationToken">Cancelled at the activity's deadline, or when the host drops the call.</param>
public sealed record TaskActivityContext(string Name, string InstanceId, CancellationToken CancellationToken);
