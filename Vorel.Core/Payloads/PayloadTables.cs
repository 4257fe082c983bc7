using Vorel.Core.Ids;

namespace Vorel.Core.Payloads;

/// <summary>The tables of payloads: one for each day, so that a day can be dropped whole.</summary>
public static class PayloadTables
{
    /// <summary>What the tables' names start with.</summary>
    public const string Family = "Payloads";

    /// <summary>How long an event's table is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(9);

    /// <summary>The table of an event: that of the day its id was made.</summary>
    public static string Of(Guid eventId) => Family + Uuid7.TimeOf(eventId).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
}
