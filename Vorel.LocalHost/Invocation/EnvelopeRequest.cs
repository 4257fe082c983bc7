using System.Net;
using System.Text;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Invocation;

/// <summary>Builds <c>POST /{FunctionName}</c> with the JSON envelope exactly as the real host sends it: one line, chunked.</summary>
internal static class EnvelopeRequest
{
    public static HttpRequestMessage Build(
        Uri handler,
        FunctionDefinition function,
        Guid invocation,
        IEnumerable<KeyValuePair<string, BindingValue>> data,
        IEnumerable<KeyValuePair<string, BindingValue>> metadata)
    {
        var body = new StringBuilder("{\"Data\":");
        Append(body, data);
        body.Append(",\"Metadata\":");
        Append(body, metadata);
        body.Append('}');

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(handler, function.Name)) { Content = new ChunkedJson(body.ToString()) };
        request.Headers.Add("X-Azure-Functions-HostVersion", LocalHostOptions.HostVersion);
        request.Headers.Add("X-Azure-Functions-InvocationId", invocation.ToString());
        request.Headers.UserAgent.ParseAdd($"Azure-Functions-Host/{LocalHostOptions.HostVersion}");
        return request;
    }

    private static void Append(StringBuilder body, IEnumerable<KeyValuePair<string, BindingValue>> values)
    {
        body.Append('{');
        var first = true;
        foreach (var (name, value) in values)
        {
            body.Append(first ? "" : ",").Append(HostJson.Quote(name)).Append(':').Append(value.ToWire());
            first = false;
        }

        body.Append('}');
    }

    /// <summary>Content that hides its length, so that it is sent in chunks as the real host's serialiser does.</summary>
    private sealed class ChunkedJson : HttpContent
    {
        private readonly byte[] _bytes;

        public ChunkedJson(string json)
        {
            _bytes = Encoding.UTF8.GetBytes(json);
            Headers.Add("Content-Type", "application/json; charset=utf-8");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_bytes).AsTask();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            stream.WriteAsync(_bytes, cancellationToken).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
