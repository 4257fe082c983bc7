using System.Reflection;
using Vorel.Core.Storage;

namespace Vorel.Core.Retention;

/// <summary>
/// A row of operational telemetry, class (b), that says itself when it is over; the sweep deletes it then. Whoever writes such an
/// end files the hint before (<see cref="PurgeHints.FileTelemetry"/>).
/// </summary>
internal interface IEndingRow
{
    /// <summary>The column of the end, the same in every such table, so that the sweep needs no type to read it.</summary>
    const string Column = "over";

    /// <summary>When the row is over; null as long as nobody knows.</summary>
    DateTimeOffset? Over { get; }

    /// <summary>When a row is over whose matter ended at a moment: after the days that its type declares.</summary>
    static DateTimeOffset EndOf<T>(DateTimeOffset ended)
        where T : class, IRow<T>, IEndingRow => ended.AddDays(typeof(T).GetCustomAttribute<DataClassAttribute>()!.RetentionDays);
}
