namespace Vorel.Core.Records;

/// <summary>What a field of a record may hold.</summary>
public enum FieldType
{
    /// <summary>Text, its length counted in Unicode code points.</summary>
    Text,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number in the form of E.164: a plus sign and 2 to 15 digits, the first not 0.</summary>
    Phone,

    /// <summary>An absolute http or https URL, in ASCII as RFC 3986 has it.</summary>
    Link,

    /// <summary>A list of such URLs, with as many as the field's greatest number says.</summary>
    Links,

    /// <summary>A price: a number of at least 0, written out with at most 15 digits before the point and 6 behind it. Kept and shown as text, digit for digit.</summary>
    Price,

    /// <summary>A currency: three upper-case letters (ISO 4217).</summary>
    Currency,

    /// <summary>A day, as <c>2026-01-05</c>.</summary>
    Date,

    /// <summary>A language: two lower-case letters, optionally a hyphen and two upper-case ones.</summary>
    Language,

    /// <summary>One of a list of words.</summary>
    Choice,

    /// <summary>A whole number in a range, written as one.</summary>
    Integer,

    /// <summary>The id of another record.</summary>
    Reference,

    /// <summary>A JSON object of the tenant's own making: at most 32 KiB and five levels. A null deletes its member where the field can change, and is kept where it cannot.</summary>
    Attributes,

    /// <summary>A moment from the years 2000 to 2999: in requests with its offset (RFC 3339), stored in UTC, to the millisecond.</summary>
    Moment,
}
