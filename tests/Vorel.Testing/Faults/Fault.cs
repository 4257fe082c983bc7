namespace Vorel.Testing.Faults;

/// <summary>A rule: what happens to which requests, how often and for how long. By itself it hits every request until it is lifted.</summary>
/// <param name="Kind">What happens.</param>
public sealed record Fault(FaultKind Kind)
{
    /// <summary>Only requests to this service.</summary>
    public StorageService? Service { get; init; }

    /// <summary>Only requests of which this holds; see <see cref="ProxiedRequest.Content"/> for the rows of a batch.</summary>
    public Func<ProxiedRequest, bool> Matches { get; init; } = static _ => true;

    /// <summary>How many matching requests pass before the first is hit.</summary>
    public int Skip { get; init; }

    /// <summary>How many are hit at most.</summary>
    public int Count { get; init; } = int.MaxValue;

    /// <summary>The chance of each to be hit, drawn from <see cref="Seed"/>.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Makes the draws repeatable. A test that draws prints its rule, which names the seed.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>How long the rule lives, in real time from when it is added; until it is lifted if not given.</summary>
    public TimeSpan? Lasts { get; init; }

    /// <summary>How late a delayed request is.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What a delayed request waits for instead of <see cref="Lateness"/>, so that a test decides on the order of two.</summary>
    public Func<Task>? HeldUntil { get; init; }

    /// <summary>Hears what the service answers to a delayed request, head and body, whether or not its sender still listens.</summary>
    public Action<string> Answered { get; init; } = static _ => { };

    /// <summary>What a busy service asks for, in whole seconds; it asks for nothing if not given.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Runs when a request or an answer is lost, before the client's connection breaks.</summary>
    public Func<Task> AfterLoss { get; init; } = static () => Task.CompletedTask;
}
