using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Vorel.Durable.Client;

/// <summary>Unary gRPC calls over HTTP/2 with prior knowledge: the sidecar listens on loopback, without TLS.</summary>
internal sealed class SidecarChannel(HttpClient http, Uri address, TimeSpan deadline)
{
    public async Task<TResponse> Call<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        try
        {
            using var message = Request(method, request);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await Read(method, response, parser, limit.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DurableClientException(method, GrpcStatus.DeadlineExceeded, null, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException)
        {
            throw new DurableClientException(method, GrpcStatus.Unavailable, null, failure);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            throw new DurableClientException(method, GrpcStatus.Internal, null, failure);
        }
    }

    private HttpRequestMessage Request(string method, IMessage request)
    {
        var content = new ByteArrayContent(GrpcFraming.Frame(request));
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcFraming.ContentType);
        return new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/{GrpcFraming.SidecarService}/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
            Headers =
            {
                { "te", "trailers" },
                { "grpc-timeout", string.Create(CultureInfo.InvariantCulture, $"{(long)deadline.TotalMilliseconds}m") },
            },
        };
    }

    private static async Task<TResponse> Read<TResponse>(
        string method, HttpResponseMessage response, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse>
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new DurableClientException(method, GrpcStatus.Internal, $"HTTP {(int)response.StatusCode}");
        }

        // A failed call may come as headers alone, with the status among them.
        Check(method, response.Headers, required: false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var whole = new MemoryStream();
        await body.CopyToAsync(whole, cancellationToken);
        whole.Position = 0;
        Check(method, response.TrailingHeaders, required: !response.Headers.Contains(GrpcFraming.StatusTrailer));
        return await GrpcFraming.ReadAsync(whole, parser, cancellationToken);
    }

    private static void Check(string method, HttpResponseHeaders headers, bool required)
    {
        if (!headers.TryGetValues(GrpcFraming.StatusTrailer, out var values))
        {
            // No status at the end: the connection broke before the server was done.
            if (required)
            {
                throw new DurableClientException(method, GrpcStatus.Unavailable, "no grpc-status");
            }

            return;
        }

        var status = int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (GrpcStatus)number
            : GrpcStatus.Unknown;
        if (status != GrpcStatus.Ok)
        {
            var detail = headers.TryGetValues(GrpcFraming.MessageTrailer, out var texts) ? GrpcFraming.DecodeMessage(texts.First()) : null;
            throw new DurableClientException(method, status, detail);
        }
    }
}
