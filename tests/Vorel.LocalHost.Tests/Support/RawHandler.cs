using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vorel.LocalHost.Handler;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>Stands where the handler would and keeps every byte it is sent; answers as the test says.</summary>
internal sealed class RawHandler : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public RawHandler()
    {
        _listener.Start();
        Endpoint = new HandlerEndpoint(new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"), Guid.NewGuid().ToString(), 1);
        _accepting = Accept();
    }

    public HandlerEndpoint Endpoint { get; }

    public ConcurrentQueue<RawRequest> Requests { get; } = [];

    /// <summary>The whole answer by request; null cuts the connection.</summary>
    public Func<RawRequest, string?> Answer { get; set; } = _ => Json("{}");

    public static string Json(string body, string status = "200 OK") => Reply(status, "application/json", body);

    public static string Reply(string status, string type, string body, params IEnumerable<string> headers) =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n" + body;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Serve(await _listener.AcceptTcpClientAsync(_stopping.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        try
        {
            while (await ReadRequest(stream) is { } request)
            {
                Requests.Enqueue(request);
                if (Answer(request) is not { } answer)
                {
                    client.Client.Close(0);
                    return;
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stopping.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return;
        }
    }

    private async Task<RawRequest?> ReadRequest(NetworkStream stream)
    {
        var head = await Until(stream, "\r\n\r\n");
        if (head is null)
        {
            return null;
        }

        var request = new RawRequest(head, [], []);
        if (request.Value("Content-Length") is { } length)
        {
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, _stopping.Token);
            return request with { RawBody = body, Body = body };
        }

        if (request.Value("Transfer-Encoding") != "chunked")
        {
            return request;
        }

        using var raw = new MemoryStream();
        using var content = new MemoryStream();
        int size;
        do
        {
            var line = (await Until(stream, "\r\n"))!;
            size = int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = new byte[size + 2];
            await stream.ReadExactlyAsync(chunk, _stopping.Token);
            raw.Write(Encoding.ASCII.GetBytes(line + "\r\n"));
            raw.Write(chunk);
            content.Write(chunk, 0, size);
        }
        while (size > 0);
        return request with { RawBody = raw.ToArray(), Body = content.ToArray() };
    }

    /// <summary>Reads up to and without the mark; null at the end of the stream.</summary>
    private async Task<string?> Until(NetworkStream stream, string mark)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stopping.Token) == 1)
        {
            text.Append((char)one[0]);
            if (text.Length >= mark.Length && text.ToString(text.Length - mark.Length, mark.Length) == mark)
            {
                return text.ToString(0, text.Length - mark.Length);
            }
        }

        return null;
    }
}
