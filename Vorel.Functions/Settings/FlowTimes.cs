namespace Vorel.Functions.Settings;

/// <summary>The spans that the flows run by.</summary>
internal sealed record FlowTimes
{
    /// <summary>How long an intent stays invisible: longer than a commit can take.</summary>
    public TimeSpan IntentDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a write may take before it is given up.</summary>
    public TimeSpan CommitBudget { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>When a mirror is looked at again.</summary>
    public TimeSpan MirrorCheckDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>When a claimed attempt that did not report may be taken by another.</summary>
    public TimeSpan AttemptClaim { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one delivery attempt may take in all.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
