using System.Net;
using System.Net.Sockets;

namespace Vorel.Testing;

/// <summary>
/// A TCP relay in front of a service, on a dynamic loopback port, that can lose what passes it: the answer to a request that the
/// service has carried out, or the request before the service sees it. To the client both look the same: the connection breaks.
/// </summary>
public sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private int _answersToPass;
    private int _answersToLose;
    private int _requestsToLose;
    private int _lost;
    private Func<Task> _afterLoss = () => Task.CompletedTask;

    /// <summary>Starts to relay to the host and port of <paramref name="target"/>.</summary>
    public LossyProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The target's address, by way of this relay.</summary>
    public Uri Address => new UriBuilder(_target) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>How many requests or answers were lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Loses the next answers, after letting <paramref name="skip"/> pass: the service does the work and the client never hears of it. <paramref name="afterLoss"/> runs before the connection breaks.</summary>
    public void LoseAnswers(int count = 1, Func<Task>? afterLoss = null, int skip = 0)
    {
        _afterLoss = afterLoss ?? (() => Task.CompletedTask);
        Volatile.Write(ref _answersToPass, skip);
        Volatile.Write(ref _answersToLose, count);
    }

    /// <summary>Loses the next requests: the service never sees them.</summary>
    public void LoseRequests(int count = 1) => Volatile.Write(ref _requestsToLose, count);

    /// <summary>Stops and breaks every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private static bool Take(ref int budget)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref budget);
        }
        while (seen > 0 && Interlocked.CompareExchange(ref budget, seen - 1, seen) != seen);
        return seen > 0;
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(Relay(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Relay(TcpClient client)
    {
        using var downstream = client;
        using var upstream = new TcpClient { NoDelay = true };
        try
        {
            await upstream.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            var up = Copy(downstream.GetStream(), upstream.GetStream(), LosesRequest);
            var down = Copy(upstream.GetStream(), downstream.GetStream(), LosesAnswer);
            await await Task.WhenAny(up, down);
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
        {
            // Either side went away, or the test is over: both ends close below.
            return;
        }
    }

    private async Task Copy(NetworkStream from, NetworkStream to, Func<Task<bool>> loses)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
        {
            if (await loses())
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private Task<bool> LosesRequest() => Task.FromResult(Take(ref _requestsToLose));

    private async Task<bool> LosesAnswer()
    {
        var loses = !Take(ref _answersToPass) && Take(ref _answersToLose);
        if (loses)
        {
            await _afterLoss();
        }

        return loses;
    }
}
