using System.Text.Json.Serialization;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>What an orchestration does next, as its activity says: nothing, something now, or something later.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="At">For <see cref="StepKind.At"/>: the moment of the domain clock.</param>
/// <param name="AfterMs">For <see cref="StepKind.After"/>: the wait in milliseconds.</param>
/// <param name="OthersAtIt">For <see cref="StepKind.After"/> of a record: nothing was tried, and the wait is for its turn. Absent where it is not so, as in the histories recorded before.</param>
internal sealed record NextStep(
    StepKind Kind,
    DateTimeOffset? At = null,
    long? AfterMs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OthersAtIt = false)
{
    public static NextStep Done { get; } = new(StepKind.Done);

    public static NextStep Now { get; } = new(StepKind.Now);

    public static NextStep Until(DateTimeOffset at) => new(StepKind.At, At: at);

    public static NextStep After(TimeSpan wait) => new(StepKind.After, AfterMs: (long)wait.TotalMilliseconds);

    public static NextStep Busy(TimeSpan wait) => After(wait) with { OthersAtIt = true };
}

/// <summary>When the next step is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepKind>))]
internal enum StepKind
{
    /// <summary>There is none.</summary>
    Done,

    /// <summary>At once.</summary>
    Now,

    /// <summary>At a moment.</summary>
    At,

    /// <summary>After a while.</summary>
    After,
}
