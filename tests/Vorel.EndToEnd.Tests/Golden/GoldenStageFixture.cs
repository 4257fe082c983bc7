namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>One stage for the scenarios of a class, which run one after the other: they share its clock.</summary>
public class GoldenStageFixture : IAsyncLifetime
{
    internal GoldenStage Stage { get; private set; } = null!;

    // A lost attempt's claim is over before the process that lost it is up again.
    public virtual async Task InitializeAsync() => Stage = await GoldenStage.Start();

    public virtual async Task DisposeAsync() => await Stage.DisposeAsync();
}
