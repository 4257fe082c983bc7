using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vorel.Core.Tests.Webhooks;

/// <summary>A receiver on a loopback port that says exactly the bytes a test wants, HTTP or not.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _answer;
    private readonly Complete _complete;
    private readonly Task _accepting;

    /// <param name="answer">What it says.</param>
    /// <param name="complete">Whether what was received is a whole request, to be answered now; a request of HTTP/1.1 if null.</param>
    public RawReceiver(Func<NetworkStream, CancellationToken, Task> answer, Complete? complete = null)
    {
        _answer = answer;
        _complete = complete ?? IsHttp;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
    }

    /// <summary>Whether these bytes are a whole request.</summary>
    public delegate bool Complete(ReadOnlySpan<byte> received);

    public int Port { get; }

    /// <summary>The requests as they came over the wire, headers and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Completes when the other side has closed a connection, reset included.</summary>
    public TaskCompletionSource<bool> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static RawReceiver Saying(string answer) =>
        new((stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer), token).AsTask());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(Serve(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (_stop.IsCancellationRequested && exception is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // The test is over; the listener may have been stopped between two connections.
            await Task.WhenAll(connections);
        }
    }

    private async Task Serve(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            Requests.Enqueue(await ReadRequest(stream));
            await _answer(stream, _stop.Token);
            socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(new byte[256], _stop.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The sender hung up, the answer reset the connection, or the test is over: all of it is what tests provoke.
        }

        Closed.TrySetResult(true);
    }

    private async Task<string> ReadRequest(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            received.AddRange(buffer.AsSpan(0, count));
            if (count == 0 || _complete([.. received]))
            {
                return Encoding.UTF8.GetString([.. received]);
            }
        }
    }

    private static bool IsHttp(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        return end >= 0 && received.Length >= end + 4 + ContentLength(Encoding.UTF8.GetString(received[..end]));
    }

    private static int ContentLength(string request)
    {
        const string Name = "Content-Length: ";
        var line = request.Split("\r\n").FirstOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line[Name.Length..]);
    }
}
