namespace Vorel.Core.Crm.Mirror;

/// <summary>What a record needs next on its way to the CRM.</summary>
public abstract record MirrorStep
{
    private MirrorStep()
    {
    }

    /// <summary>Nothing that we can do now: the CRM holds the current version, or somebody has to act first.</summary>
    public sealed record Done : MirrorStep;

    /// <summary>There is a newer version already: write again.</summary>
    public sealed record Again : MirrorStep;

    /// <summary>It did not work: write again after a while.</summary>
    /// <param name="After">How long.</param>
    /// <param name="Busy">Whether others are at it and nothing was tried: the wait is for a turn, and who comes before that loses it.</param>
    public sealed record Retry(TimeSpan After, bool Busy = false) : MirrorStep;
}
