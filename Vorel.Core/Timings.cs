namespace Vorel.Core;

/// <summary>The spans of real time that settings may change; the defaults are production's.</summary>
public sealed record Timings
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(5);

    /// <summary>How long an intent stays invisible. Longer than <see cref="CommitBudget"/>, so that a dispatcher that sees it knows the commit is over.</summary>
    public TimeSpan IntentDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after its intent a commit may come before it is given up.</summary>
    public TimeSpan CommitBudget { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long the writer then may take to bury the commit, or to find that it stands. Over before the intent shows, for once a
    /// dispatcher has sent a write out, its row is gone.
    /// </summary>
    public TimeSpan SettleBudget => TimeSpan.FromTicks(Math.Min((IntentDelay - CommitBudget).Ticks, s_settle.Ticks));

    /// <summary>How long after a mirror was started somebody looks whether it is done.</summary>
    public TimeSpan MirrorCheckDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a claimed delivery attempt belongs to its claimant.</summary>
    public TimeSpan AttemptClaim { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a message that the host gave up on rests before it is tried again.</summary>
    public TimeSpan PoisonRest { get; init; } = TimeSpan.FromMinutes(10);
}
