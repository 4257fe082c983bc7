using System.Text.Json;
using Vorel.Durable;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>Makes clients for the hub at the address that a call's binding names. Connections are shared.</summary>
internal sealed class DurableClientBinding(DurableWorkerOptions options) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The client of this call.</summary>
    /// <exception cref="EnvelopeFormatException">The binding names no address on loopback.</exception>
    public DurableTaskClient Client(JsonElement value)
    {
        var address = Address(EnvelopeValue.Text(value));
        return address is { IsLoopback: true, Scheme: "http" }
            ? new DurableTaskClient(_http, address, options.JsonOptions)
            : throw new EnvelopeFormatException("The durable client's binding names no http address on loopback.");
    }

    public void Dispose() => _http.Dispose();

    private static Uri? Address(string binding)
    {
        try
        {
            var value = JsonElement.Parse(binding);
            return value.ValueKind == JsonValueKind.Object
                && value.TryGetProperty("rpcBaseUrl", out var address)
                && Uri.TryCreate(address.GetString(), UriKind.Absolute, out var url) ? url : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
