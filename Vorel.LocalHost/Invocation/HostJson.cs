using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation;

/// <summary>
/// Prints JSON with the escapes of the real host's serialiser: only the quote, the backslash, control characters and the
/// line separators U+0085, U+2028 and U+2029 are escaped, with lower-case hex; all else stays as it is, on one line.
/// </summary>
internal static class HostJson
{
    public static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 2);
        AppendQuoted(builder, text);
        return builder.ToString();
    }

    /// <summary>Prints a node: on one line, or over several with two spaces for each level.</summary>
    public static string Print(JsonNode? node, bool indented = false)
    {
        var builder = new StringBuilder();
        Append(builder, node, indented ? 0 : null);
        return builder.ToString();
    }

    /// <param name="builder">What is printed so far.</param>
    /// <param name="node">What comes next.</param>
    /// <param name="level">How deep it lies; null where all goes on one line.</param>
    private static void Append(StringBuilder builder, JsonNode? node, int? level)
    {
        switch (node)
        {
            case null:
                builder.Append("null");
                break;
            case JsonObject members:
                AppendList(builder, '{', '}', members, level, (member, inner) =>
                {
                    AppendQuoted(builder, member.Key);
                    builder.Append(level is null ? ":" : ": ");
                    Append(builder, member.Value, inner);
                });
                break;
            case JsonArray items:
                AppendList(builder, '[', ']', items, level, (item, inner) => Append(builder, item, inner));
                break;
            case JsonValue when node.GetValueKind() == JsonValueKind.String:
                AppendQuoted(builder, node.GetValue<string>());
                break;
            default:
                builder.Append(node.ToJsonString());
                break;
        }
    }

    private static void AppendList<T>(StringBuilder builder, char open, char close, ICollection<T> items, int? level, Action<T, int?> append)
    {
        builder.Append(open);
        var first = true;
        foreach (var item in items)
        {
            builder.Append(first ? "" : ",");
            AppendLine(builder, level + 1);
            append(item, level + 1);
            first = false;
        }

        if (!first)
        {
            AppendLine(builder, level);
        }

        builder.Append(close);
    }

    private static void AppendLine(StringBuilder builder, int? level)
    {
        if (level is { } depth)
        {
            builder.Append('\n').Append(' ', 2 * depth);
        }
    }

    private static void AppendQuoted(StringBuilder builder, string text)
    {
        builder.Append('"');
        foreach (var character in text)
        {
            switch (character)
            {
                case '"': builder.Append("\\\""); break;
                case '\\': builder.Append("\\\\"); break;
                case '\b': builder.Append("\\b"); break;
                case '\t': builder.Append("\\t"); break;
                case '\n': builder.Append("\\n"); break;
                case '\f': builder.Append("\\f"); break;
                case '\r': builder.Append("\\r"); break;
                case < ' ' or '\u0085' or '\u2028' or '\u2029':
                    builder.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default: builder.Append(character); break;
            }
        }

        builder.Append('"');
    }
}
