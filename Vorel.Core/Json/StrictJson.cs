using System.Text.Json;
using Vorel.Core.Errors;

namespace Vorel.Core.Json;

/// <summary>
/// Reads a request body so that there is one way to understand it: no duplicate names, no comments or trailing commas, no
/// number beyond a double, only text that is valid Unicode and free of U+0000, at most 16 levels deep (RFC 8259; I-JSON, RFC 7493).
/// </summary>
public static class StrictJson
{
    private const int MaxDepth = 16;

    /// <summary>The document. It must be disposed when the body is no longer used.</summary>
    /// <exception cref="ValidationException">The body is malformed or ambiguous; the error points at the place.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            Scan(body.Span);
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException exception)
        {
            // The exception's own text may quote the body.
            throw new ValidationException("", $"is not well-formed JSON of at most {MaxDepth} levels (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");
        }
    }

    private static void Scan(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        var path = new JsonPath();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    path.EnterObject();
                    break;
                case JsonTokenType.StartArray:
                    path.EnterArray();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Leave();
                    break;
                case JsonTokenType.PropertyName:
                    if (!path.Name(TextOf(ref reader, path)))
                    {
                        throw new ValidationException(path.Pointer, "appears more than once");
                    }

                    break;
                case JsonTokenType.String:
                    path.Value();
                    TextOf(ref reader, path);
                    break;
                case JsonTokenType.Number:
                    path.Value();
                    if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
                    {
                        throw new ValidationException(path.Pointer, "is a number out of range");
                    }

                    break;
                default:
                    path.Value();
                    break;
            }
        }
    }

    private static string TextOf(ref Utf8JsonReader reader, JsonPath path)
    {
        try
        {
            var text = reader.GetString()!;

            // Many a receiver's database ends a text at U+0000 or refuses it.
            return text.Contains('\0', StringComparison.Ordinal) ? throw new ValidationException(Place(ref reader, path), "must not contain U+0000") : text;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or bytes that are not UTF-8: RFC 8259, 8.2 leaves the meaning open, so it has none here.
            throw new ValidationException(Place(ref reader, path), "holds text that is not valid Unicode");
        }
    }

    /// <summary>A name that is wrong cannot be repeated, so its object stands for it.</summary>
    private static string Place(ref Utf8JsonReader reader, JsonPath path) => reader.TokenType == JsonTokenType.PropertyName ? path.Around : path.Pointer;
}
