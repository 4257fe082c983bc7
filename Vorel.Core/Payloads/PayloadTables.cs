using Vorel.Core.Ids;

namespace Vorel.Core.Payloads;

/// <summary>The tables of payloads: one for each day, so that a day can be dropped whole.</summary>
public static class PayloadTables
{
    /// <summary>What the tables' names start with.</summary>
    public const string Family = "Payloads";

    /// <summary>How long an event's table is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(9);

    /// <summary>Whether an event's life is over at this moment of the domain clock, so that its table may have been dropped.</summary>
    public static bool IsOver(Guid eventId, DateTimeOffset now) => now >= Uuid7.TimeOf(eventId) + Life;

    /// <summary>When the table of a day is over: with the life of the last event that may lie in it.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset day) => day.AddDays(1) + Life;

    /// <summary>The table of an event: that of the day its id was made.</summary>
    public static string Of(Guid eventId) => Family + Uuid7.TimeOf(eventId).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
}
