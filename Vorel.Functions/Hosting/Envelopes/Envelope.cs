using System.Text.Json;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>
/// What the host sends to start a function. Its metadata is not read: the members of a message body override the
/// host's own names in it.
/// </summary>
internal sealed class Envelope
{
    private readonly JsonElement _data;

    private Envelope(JsonElement data) => _data = data;

    /// <summary>Reads an envelope from a request.</summary>
    /// <exception cref="EnvelopeFormatException">It is not one.</exception>
    public static async Task<Envelope> Read(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            var root = (await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken)).RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Data", out var data) && data.ValueKind == JsonValueKind.Object
                ? new Envelope(data)
                : throw new EnvelopeFormatException("The envelope has no Data object.");
        }
        catch (JsonException)
        {
            throw new EnvelopeFormatException("The envelope is not JSON.");
        }
    }

    /// <summary>The raw value of a binding.</summary>
    public JsonElement this[string binding] => _data.TryGetProperty(binding, out var value)
        ? value
        : throw new EnvelopeFormatException($"The envelope has no value for the binding '{binding}'.");
}
