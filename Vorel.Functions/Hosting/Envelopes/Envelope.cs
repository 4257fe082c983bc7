using System.Text.Json;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>
/// What the host sends to start a function. Nothing is decided by its metadata: the members of a message body override the
/// host's own names in it.
/// </summary>
internal sealed class Envelope : IDisposable
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly JsonDocument _document;
    private readonly JsonElement _data;

    private Envelope(JsonDocument document, JsonElement data) => (_document, _data) = (document, data);

    /// <summary>The orchestration that calls an activity, for logs alone; empty where the host does not say.</summary>
    public string InstanceId =>
        _document.RootElement.TryGetProperty("Metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("instanceId", out var id) ? EnvelopeValue.Text(id) : "";

    /// <summary>The raw value of a binding. It is good until the envelope is disposed.</summary>
    public JsonElement this[string binding] => _data.TryGetProperty(binding, out var value)
        ? value
        : throw new EnvelopeFormatException($"The envelope has no value for the binding '{binding}'.");

    /// <summary>Reads an envelope from a request.</summary>
    /// <exception cref="EnvelopeFormatException">It is not one.</exception>
    public static async Task<Envelope> Read(Stream body, CancellationToken cancellationToken)
    {
        var document = await Parse(body, cancellationToken);
        if (document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("Data", out var data) && data.ValueKind == JsonValueKind.Object)
        {
            return new Envelope(document, data);
        }

        document.Dispose();
        throw new EnvelopeFormatException("The envelope has no Data object.");
    }

    /// <summary>Gives the memory back: envelopes of long orchestrations hold megabytes.</summary>
    public void Dispose() => _document.Dispose();

    private static async Task<JsonDocument> Parse(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, s_strict, cancellationToken);
        }
        catch (JsonException)
        {
            throw new EnvelopeFormatException("The envelope is not JSON, or names something twice.");
        }
        catch (BadHttpRequestException)
        {
            throw new EnvelopeFormatException("The envelope is too large, or was cut off.");
        }
    }
}
