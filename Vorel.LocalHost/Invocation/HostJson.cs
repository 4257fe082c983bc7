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

    /// <summary>Prints a node; <paramref name="number"/> prints the literal of a number, where that is not to stay as it is.</summary>
    public static string Print(JsonNode? node, Func<string, string>? number = null)
    {
        var builder = new StringBuilder();
        Append(builder, node, number ?? (literal => literal));
        return builder.ToString();
    }

    private static void Append(StringBuilder builder, JsonNode? node, Func<string, string> number)
    {
        switch (node)
        {
            case null:
                builder.Append("null");
                break;
            case JsonObject members:
                builder.Append('{');
                AppendList(builder, members, (output, member) =>
                {
                    AppendQuoted(output, member.Key);
                    output.Append(':');
                    Append(output, member.Value, number);
                });
                builder.Append('}');
                break;
            case JsonArray items:
                builder.Append('[');
                AppendList(builder, items, (output, item) => Append(output, item, number));
                builder.Append(']');
                break;
            case JsonValue when node.GetValueKind() == JsonValueKind.String:
                AppendQuoted(builder, node.GetValue<string>());
                break;
            case JsonValue when node.GetValueKind() == JsonValueKind.Number:
                builder.Append(number(node.ToJsonString()));
                break;
            default:
                builder.Append(node.ToJsonString());
                break;
        }
    }

    private static void AppendList<T>(StringBuilder builder, IEnumerable<T> items, Action<StringBuilder, T> append)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                builder.Append(',');
            }

            first = false;
            append(builder, item);
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
