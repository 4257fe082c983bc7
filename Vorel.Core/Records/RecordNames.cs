using Vorel.Core.Ids;

namespace Vorel.Core.Records;

/// <summary>Records by kind and id in one text, such as <c>lead:0199a1b2-…</c>: in messages and at the operator's API.</summary>
public static class RecordNames
{
    /// <summary>The name of a record.</summary>
    public static string Of(string kind, Guid id) => $"{kind}:{id:D}";

    /// <summary>What a text names; null when it has not the form of a record's name, a null kind when that is not known here.</summary>
    public static (RecordKind? Kind, Guid Id)? Parse(string text)
    {
        var parts = text.Split(':');
        return parts is [{ Length: > 0 } kind, var record] && kind.All(char.IsAsciiLetterLower) && Uuid7.TryParse(record, out var id)
            ? (RecordKinds.Find(kind), id)
            : null;
    }
}
