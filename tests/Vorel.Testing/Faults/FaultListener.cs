using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vorel.Testing.Faults;

/// <summary>The port of one service: accepts connections and relays each.</summary>
internal sealed class FaultListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly FaultProxy _proxy;
    private readonly StorageService _service;
    private readonly Uri _target;
    private readonly Task _accepting;

    public FaultListener(FaultProxy proxy, StorageService service, Uri target)
    {
        _proxy = proxy;
        _service = service;
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var relay = Relay(await _listener.AcceptSocketAsync(_stop.Token));
                _connections.TryAdd(relay, 0);

                // One that failed stays: its error, such as that of a hook, is the test's when the proxy ends.
                _ = relay.ContinueWith(
                    ended => _connections.TryRemove(ended, out _),
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion,
                    TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task Relay(Socket client)
    {
        using var connection = new FaultConnection(_proxy, _service, client, _target);
        await connection.Relay(_stop.Token);
    }
}
