using System.Globalization;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation;

/// <summary>
/// A value on its way into the JSON envelope. The host prints bytes as base64, times as JSON dates and whatever serialises
/// to an object as that object; everything else becomes a JSON text whose content is JSON, so <c>hello</c> travels as
/// <c>"\"hello\""</c>.
/// </summary>
internal abstract record BindingValue
{
    public static BindingValue Null { get; } = new Quoted("null");

    /// <summary>A text: quoted twice on the wire.</summary>
    public static BindingValue Text(string text) => new Quoted(HostJson.Quote(text));

    public static BindingValue Number(long number) => new Quoted(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A JSON node: an object stays an object, anything else is printed and quoted.</summary>
    public static BindingValue Json(JsonNode? node) => node is JsonObject
        ? new Plain(HostJson.Print(node))
        : new Quoted(node is null ? "null" : HostJson.Print(node));

    public static BindingValue Bytes(ReadOnlyMemory<byte> bytes) => new Plain($"\"{Convert.ToBase64String(bytes.Span)}\"");

    /// <summary>A time with its offset; the host loses what is below a second.</summary>
    public static BindingValue Time(DateTimeOffset time) => new Plain($"\"{time:yyyy-MM-ddTHH:mm:sszzz}\"");

    /// <summary>The value as it stands in the envelope.</summary>
    public abstract string ToWire();

    private sealed record Plain(string Wire) : BindingValue
    {
        public override string ToWire() => Wire;
    }

    private sealed record Quoted(string Content) : BindingValue
    {
        public override string ToWire() => HostJson.Quote(Content);
    }
}
