using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// JSON as it looks after the Durable extension has read and printed it: on one line, and with fractions squeezed through a double,
/// so that <c>1.10</c> becomes <c>1.1</c>. JSON inside a string survives, which is how exact values have to travel.
/// </summary>
internal static class ReprintedJson
{
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        var separator = "";
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                foreach (var (name, value) in members)
                {
                    text.Append(separator).Append(HostJson.Quote(name)).Append(':');
                    Append(text, value);
                    separator = ",";
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    text.Append(separator);
                    Append(text, item);
                    separator = ",";
                }

                text.Append(']');
                break;
            case not null when node.GetValueKind() == JsonValueKind.Number:
                text.Append(Number(node.ToJsonString()));
                break;
            default:
                text.Append(HostJson.Print(node));
                break;
        }
    }

    private static string Number(string literal)
    {
        if (BigInteger.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        var number = double.Parse(literal, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        return number.AsSpan().ContainsAny(".E") ? number : number + ".0";
    }
}
