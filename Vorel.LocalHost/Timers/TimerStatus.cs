using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Timers;

/// <summary>What is remembered of a monitored timer, in domain time.</summary>
/// <param name="Last">The occurrence that ran last; the year 1 before the first.</param>
/// <param name="Next">The occurrence that comes next.</param>
/// <param name="LastUpdated">When this was written.</param>
internal sealed record TimerStatus(DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated);

[JsonSerializable(typeof(TimerStatus))]
internal sealed partial class TimerJson : JsonSerializerContext;
