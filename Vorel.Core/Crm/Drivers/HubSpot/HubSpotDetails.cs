using System.Text;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>
/// Canonical fields that HubSpot has no property for, as readable lines: <c>name: value</c>, further lines of a value indented by two blanks. What people add by
/// hand stays with the field above it.
/// </summary>
internal static class HubSpotDetails
{
    private const string Indent = "  ";

    /// <summary>The fields that a text holds, in its order.</summary>
    public static Dictionary<string, string> Read(string? text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var current = (string?)null;
        foreach (var line in Lines(text ?? "").Split('\n'))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0 && HubSpotValues.IsFieldName(line[..colon]))
            {
                current = line[..colon];
                fields[current] = line[(colon + 2)..];
            }
            else if (current is not null)
            {
                fields[current] += "\n" + (line.StartsWith(Indent, StringComparison.Ordinal) ? line[Indent.Length..] : line);
            }
            else if (line.Length > 0)
            {
                current = "note";
                fields[current] = line;
            }
        }

        return fields;
    }

    /// <summary>The text of fields.</summary>
    /// <exception cref="CrmException">It is longer than HubSpot takes.</exception>
    public static string Write(IReadOnlyDictionary<string, string> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(name).Append(": ").Append(Lines(value).Replace("\n", "\n" + Indent, StringComparison.Ordinal));
        }

        return text.Length <= HubSpotDefaults.MaxText
            ? text.ToString()
            : throw new CrmException(CrmErrorCode.ValidationError, "HubSpot has no room for that many fields without a property.", retryable: false);
    }

    /// <summary>The text with some fields changed: an empty value takes one away.</summary>
    public static string Merge(string? text, IReadOnlyDictionary<string, string> changes)
    {
        var fields = Read(text);
        foreach (var (name, value) in changes)
        {
            if (value.Length == 0)
            {
                fields.Remove(name);
            }
            else
            {
                fields[name] = value;
            }
        }

        return Write(fields);
    }

    // Of line ends only these three: the others of Unicode are letters like any other to whoever shows a property.
    private static string Lines(string value) => value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
