using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation.Newtonsoft;

namespace Vorel.LocalHost.Invocation.Outputs;

/// <summary>The value for one output binding: bytes, where the answer held a text that is base64, or JSON.</summary>
internal sealed record OutputValue
{
    private readonly byte[]? _bytes;
    private readonly JsonNode _node;

    private OutputValue(JsonNode node, byte[]? bytes)
    {
        _node = node;
        _bytes = bytes;
    }

    /// <summary>The value, or null for null, which writes nothing.</summary>
    /// <param name="node">The value in the answer.</param>
    /// <param name="decode">True where a text that happens to be base64 counts as bytes: any binding but a binary one.</param>
    public static OutputValue? From(JsonNode? node, bool decode) => node is null ? null : new OutputValue(node, decode ? Bytes(node) : null);

    /// <summary>
    /// The messages it stands for. An array, or a text that holds one, is several; a text that holds JSON is read and printed anew, over
    /// several lines and with its dates changed. Bytes are one message, exactly as they are.
    /// </summary>
    /// <exception cref="JsonException">A text that begins and ends like JSON is none.</exception>
    public IEnumerable<byte[]> Messages() => _bytes is not null ? [_bytes] : Items().Select(item => Encoding.UTF8.GetBytes(NewtonsoftJson.Text(item)));

    /// <summary>The objects it stands for, where it is one, several, or a text that holds them.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    /// <inheritdoc cref="Messages"/>
    public IEnumerable<JsonObject> Objects() =>
        Items().Select(item => _bytes is null && item is JsonObject members ? members : throw new InvalidDataException("The value is not a JSON object."));

    private JsonNode?[] Items()
    {
        var held = _node.GetValueKind() == JsonValueKind.String && _node.GetValue<string>() is var text && LooksLikeJson(text) ? NewtonsoftJson.Load(text) : _node;
        return held is JsonArray items ? [.. items] : [held];
    }

    /// <summary>The first and the last character decide, as in the real host.</summary>
    private static bool LooksLikeJson(string text) => text.AsSpan().Trim() is [var first, .., var last] && (first, last) is ('{', '}') or ('[', ']');

    private static byte[]? Bytes(JsonNode node)
    {
        try
        {
            return node.GetValueKind() == JsonValueKind.String ? Convert.FromBase64String(node.GetValue<string>()) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
