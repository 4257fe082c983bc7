namespace Vorel.Core.Tests.Model;

/// <summary>
/// One step of a history. A <c>Pick</c> names one of what there is at that moment, counted round, so that every step
/// can be played wherever others before it are left out; where there is nothing to pick it does nothing.
/// </summary>
internal abstract record Step<TStage>
    where TStage : Machinery
{
    public abstract void Play(TStage stage);

    /// <summary>The simpler forms of it, the simplest first.</summary>
    public virtual IEnumerable<Step<TStage>> Simpler() => [];

    protected static void Pick<T>(TStage stage, IReadOnlyList<T> from, int pick, Action<T> play)
    {
        if (from.Count == 0)
        {
            stage.Tally.Count("(a command found nothing to do)");
        }
        else
        {
            play(from[pick % from.Count]);
        }
    }
}
