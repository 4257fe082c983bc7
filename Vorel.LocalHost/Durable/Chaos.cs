using System.Globalization;
using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable;

/// <summary>
/// Lets happen what Azure allows and hardly ever does: results and events that arrive twice, an activity whose effect happened and
/// whose result got lost, a turn that is played again although it was answered. The seed fixes the sequence of draws; which piece of
/// work gets which depends on timing.
/// </summary>
internal sealed class Chaos
{
    private const string Form = "seed=NUMBER,duplicate=P,lost-result=P,replayed-turn=P, each P from 0 to 0.9 and each part optional";
    private readonly Random _random;
    private readonly Lock _gate = new();

    private Chaos(int seed) => (Seed, _random) = (seed, new Random(seed));

    /// <summary>Nothing goes wrong on purpose.</summary>
    public static Chaos None { get; } = new(0);

    public int Seed { get; }

    /// <summary>The chance that the end of an activity, timer or child, or a raised event, arrives once more.</summary>
    public double Duplicate { get; private init; }

    /// <summary>The chance that an activity's result is lost and the activity called again.</summary>
    public double LostResult { get; private init; }

    /// <summary>The chance that an orchestrator's answer is thrown away and the turn played again.</summary>
    public double ReplayedTurn { get; private init; }

    public bool IsOn => Duplicate + LostResult + ReplayedTurn > 0;

    /// <summary>Reads what the option says; without a seed it takes one.</summary>
    /// <exception cref="FormatException">It says something else.</exception>
    public static Chaos Parse(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            if (part.Split('=') is not [var name, var value] || !parts.TryAdd(name, value))
            {
                throw Wrong();
            }
        }

        var seed = Random.Shared.Next();
        if (parts.Remove("seed", out var given) && !int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out seed))
        {
            throw Wrong();
        }

        var chaos = new Chaos(seed) { Duplicate = Chance("duplicate"), LostResult = Chance("lost-result"), ReplayedTurn = Chance("replayed-turn") };
        return parts.Count == 0 ? chaos : throw Wrong();

        // Each mishap may follow itself: with a chance of 1 nothing would ever end.
        double Chance(string name) => !parts.Remove(name, out var value) ? 0
            : double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var chance) && chance is >= 0 and <= 0.9 ? chance
            : throw Wrong();
    }

    /// <summary>True where an event is to arrive once more. What clients ask of an instance's life comes once.</summary>
    public bool Doubles(HistoryEvent inbound) => Strikes(Duplicate) && inbound.EventTypeCase is HistoryEvent.EventTypeOneofCase.TaskCompleted
        or HistoryEvent.EventTypeOneofCase.TaskFailed or HistoryEvent.EventTypeOneofCase.TimerFired or HistoryEvent.EventTypeOneofCase.EventRaised
        or HistoryEvent.EventTypeOneofCase.SubOrchestrationInstanceCompleted or HistoryEvent.EventTypeOneofCase.SubOrchestrationInstanceFailed;

    public bool LosesResult() => Strikes(LostResult);

    public bool ReplaysTurn() => Strikes(ReplayedTurn);

    /// <summary>In the form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"seed={Seed},duplicate={Duplicate:0.#########},lost-result={LostResult:0.#########},replayed-turn={ReplayedTurn:0.#########}");

    private static FormatException Wrong() => new($"--durable-chaos is written {Form}.");

    private bool Strikes(double chance)
    {
        if (chance <= 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _random.NextDouble() < chance;
        }
    }
}
