using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Clock;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClockOffset))]
[JsonSerializable(typeof(AdvanceRequest))]
[JsonSerializable(typeof(AdvanceAnswer))]
internal sealed partial class ClockJson : JsonSerializerContext;

/// <summary>The clock as handlers read it.</summary>
/// <param name="OffsetMs">Domain time minus real time, in milliseconds.</param>
/// <param name="Generation">How often it has jumped.</param>
internal sealed record ClockOffset(long OffsetMs, long Generation)
{
    public static ClockOffset Of(DomainClock.Reading reading) => new((long)reading.Offset.TotalMilliseconds, reading.Generation);
}

/// <summary>Body of an advance: one of the two.</summary>
/// <param name="By">An ISO 8601 duration of days, hours, minutes and seconds, such as PT5M.</param>
/// <param name="To">The word next.</param>
internal sealed record AdvanceRequest(string? By = null, string? To = null);

/// <summary>Answer to an advance.</summary>
/// <param name="Now">The domain's time after it.</param>
/// <param name="By">How far the clock went, as an ISO 8601 duration.</param>
/// <param name="Generation">The generation it brought.</param>
/// <param name="Error">Why it did not work; absent otherwise.</param>
internal sealed record AdvanceAnswer(DateTimeOffset Now, string By, long Generation, string? Error = null);
