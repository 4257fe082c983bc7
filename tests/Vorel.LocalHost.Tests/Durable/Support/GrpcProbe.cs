using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Vorel.Durable;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>A plain HTTP/2 client of a sidecar, without the product's own client in between.</summary>
internal sealed class GrpcProbe(Uri address) : IDisposable
{
    private readonly HttpClient _http = new();

    public Task<GrpcReply> Send(string method, IMessage message, params (string Name, string Value)[] headers) =>
        Post(method, GrpcFraming.Frame(message), headers);

    /// <summary>The one message of a call that succeeds.</summary>
    public async Task<T> Ask<T>(string method, IMessage message, MessageParser<T> parser)
        where T : IMessage<T>
    {
        var reply = await Send(method, message);
        Assert.True(reply.Status == 0, reply.Message);
        return parser.ParseFrom(Assert.Single(reply.Messages));
    }

    public async Task<GrpcReply> Post(string method, byte[] body, params (string Name, string Value)[] headers)
    {
        using var response = await Request(method, body, GrpcFraming.ContentType, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(GrpcFraming.ContentType, response.Content.Headers.ContentType?.MediaType);
        var frames = await response.Content.ReadAsByteArrayAsync();
        var message = response.TrailingHeaders.TryGetValues(GrpcFraming.MessageTrailer, out var texts) ? GrpcFraming.DecodeMessage(texts.Single()) : "";
        return new GrpcReply(int.Parse(response.TrailingHeaders.GetValues(GrpcFraming.StatusTrailer).Single()), message, [.. Messages(frames)]);
    }

    public async Task<HttpResponseMessage> Request(string method, byte[] body, string contentType, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/{GrpcFraming.SidecarService}/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _http.SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private static IEnumerable<byte[]> Messages(byte[] frames)
    {
        for (var at = 0; at < frames.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(frames.AsSpan(at + 1));
            yield return frames[(at + 5)..(at + 5 + length)];
            at += 5 + length;
        }
    }
}

/// <summary>How a call ended, and the messages that came before its end.</summary>
internal sealed record GrpcReply(int Status, string Message, IReadOnlyList<byte[]> Messages);
