using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// JSON as it looks after the Durable extension has read and printed it: on one line, and with fractions squeezed through a double,
/// so that <c>1.10</c> becomes <c>1.1</c>. JSON inside a string survives, which is how exact values have to travel.
/// </summary>
internal static class ReprintedJson
{
    public static string Of(JsonNode? node) => HostJson.Print(node, Number);

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
