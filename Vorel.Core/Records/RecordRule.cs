using Vorel.Core.Errors;

namespace Vorel.Core.Records;

/// <summary>What must hold between the fields of a record, whatever way it came to hold them.</summary>
/// <param name="Check">What is wrong with a record, or null.</param>
public sealed record RecordRule(Func<RecordRow, FieldError?> Check)
{
    /// <summary>One moment lies before another.</summary>
    public static RecordRule Ordered(string earlier, string later)
    {
        var error = new FieldError("/" + later, "must be after " + earlier);
        return new RecordRule(record => (DateTimeOffset)record.Values[earlier] < (DateTimeOffset)record.Values[later] ? null : error);
    }

    /// <summary>One of the fields at least has a value.</summary>
    public static RecordRule AtLeastOne(params IReadOnlyList<string> fields)
    {
        var error = new FieldError("", "must have at least one of " + string.Join(", ", fields));
        return new RecordRule(record => fields.Any(record.Values.ContainsKey) ? null : error);
    }
}
