using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure;
using Azure.Core;

namespace Vorel.Azure;

/// <summary>Takes the error code from the header that every storage service sends, else from the JSON body of a table.</summary>
internal sealed class StorageErrorParser : RequestFailedDetailsParser
{
    public override bool TryParse(
        Response response, [NotNullWhen(true)] out ResponseError? error, [NotNullWhen(true)] out IDictionary<string, string>? data)
    {
        data = new Dictionary<string, string>();
        var code = Code(response);
        error = code is null ? null : new ResponseError(code, $"The storage service answered {response.Status} {code}.");
        return error is not null;
    }

    internal static string? Code(Response response)
    {
        if (response.Headers.TryGetValue("x-ms-error-code", out var header))
        {
            return header;
        }

        return response.ContentStream is { Length: > 0 } ? CodeOf(response.Content) : null;
    }

    /// <summary>Reads <c>{"odata.error":{"code":…,"message":{"value":…}}}</c>.</summary>
    internal static (string? Code, string? Message) Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("odata.error", out var error)
                && error.TryGetProperty("code", out var code)
                && error.TryGetProperty("message", out var message)
                && message.TryGetProperty("value", out var value))
            {
                return (code.GetString(), value.GetString());
            }
        }
        catch (JsonException)
        {
            // Not the service's own error: a proxy's page, say. The status is all we know.
        }

        return default;
    }

    private static string? CodeOf(BinaryData content) => Read(content.ToMemory()).Code;
}
