namespace Vorel.Core;

/// <summary>The four classes of stored data.</summary>
public enum DataClass
{
    /// <summary>(a) In-flight state: minutes to 30 days.</summary>
    InFlight,

    /// <summary>(b) Operational telemetry, no customer content: 30 to 365 days.</summary>
    Telemetry,

    /// <summary>(c) Customer content: mirrored to the CRM, kept for a locked window, purged.</summary>
    CustomerContent,

    /// <summary>(d) Configuration and compliance records: kept.</summary>
    Configuration,
}

/// <summary>
/// Declares the class of a row type, how long it lives, and the ADR that locks both. Every row type carries it; a test
/// fails the build for one that does not or that disagrees with its ADR. No setting changes what it says.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DataClassAttribute(DataClass dataClass, int retentionDays, string adr) : Attribute
{
    /// <summary>The class.</summary>
    public DataClass DataClass { get; } = dataClass;

    /// <summary>Days that a row lives (for class (c): after CRM success); 0 means kept.</summary>
    public int RetentionDays { get; } = retentionDays;

    /// <summary>
    /// Class (c) only: the row holds a copy of, or a pointer to, content whose record is mirrored by itself, so it is not
    /// mirrored again and may go before the record does.
    /// </summary>
    public bool Copy { get; init; }

    /// <summary>The number of the ADR that locks this, for example <c>0003</c>.</summary>
    public string Adr { get; } = adr;
}
