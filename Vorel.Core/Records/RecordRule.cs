using Vorel.Core.Errors;

namespace Vorel.Core.Records;

/// <summary>What must hold between the fields of a record, whatever way it came to hold them.</summary>
/// <param name="Check">What is wrong with a record, or null.</param>
public sealed record RecordRule(Func<RecordRow, FieldError?> Check)
{
    /// <summary>One of the fields at least has a value.</summary>
    public static RecordRule AtLeastOne(params IReadOnlyList<string> fields)
    {
        var error = new FieldError("", "must have at least one of " + string.Join(", ", fields));
        return new RecordRule(record => fields.Any(record.Values.ContainsKey) ? null : error);
    }
}
