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
    public sealed record Retry(TimeSpan After) : MirrorStep;
}
