using System.Text;
using System.Text.Json;

namespace Vorel.LocalHost.Sandbox;

/// <summary>A POST to one of the receivers, read whole: the bytes that count for the signature.</summary>
internal sealed record SandboxRequest(byte[] Body, string? Signature)
{
    public const int LongestBody = 1024 * 1024;

    /// <summary>Null where the body is larger than a megabyte.</summary>
    public static async Task<SandboxRequest?> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, cancellationToken)) > 0)
        {
            if (bytes.Length + read > LongestBody)
            {
                return null;
            }

            bytes.Write(part, 0, read);
        }

        var signature = request.Headers[Sandbox.Signature.Header];
        return new SandboxRequest(bytes.ToArray(), signature.Count == 1 ? signature.ToString() : null);
    }

    public bool IsSigned(string? secret) => Sandbox.Signature.IsValid(secret, Body, Signature);

    /// <summary>A text member at the top of the JSON body, or empty.</summary>
    public string Member(string name)
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()! : "";
        }
        catch (JsonException)
        {
            return ""; // Whatever is not JSON has no members; the receiver answers for that.
        }
    }

    public Received ToReceived(DateTimeOffset at, DateTimeOffset realAt, string id, string kind, bool verified, int status) =>
        new(at, realAt, id, kind, verified, status, Encoding.UTF8.GetString(Body), Convert.ToBase64String(Body));
}
