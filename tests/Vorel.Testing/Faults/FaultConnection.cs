using System.Net.Sockets;
using System.Text;

namespace Vorel.Testing.Faults;

/// <summary>One connection of a client, with a connection of its own to the service.</summary>
internal sealed class FaultConnection(FaultProxy proxy, StorageService service, Socket client, Uri target) : IDisposable
{
    private Upstream? _upstream;

    /// <summary>Relays request by request until one side goes away, a fault breaks the connection or the test is over.</summary>
    public async Task Relay(CancellationToken cancellationToken)
    {
        try
        {
            client.NoDelay = true;
            await using var near = new NetworkStream(client);
            var requests = new HttpWireReader(near);
            while (await requests.Read(isAnswer: false, hasNoContent: false, cancellationToken) is { } message)
            {
                if (await Answer(message, cancellationToken) is not { } answer)
                {
                    Reset();
                    return;
                }

                await near.WriteAsync(answer, cancellationToken);
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
        {
            // Either side went away, or the test is over.
            Reset();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _upstream?.Dispose();
    }

    // Closing with nothing left to wait for resets the connection, which is how a broken one looks to the client.
    private void Reset() => client.Close(timeout: 0);

    /// <summary>The bytes of the answer, or null when the connection breaks instead.</summary>
    private async Task<ReadOnlyMemory<byte>?> Answer(HttpWireMessage message, CancellationToken cancellationToken)
    {
        var request = new ProxiedRequest(service, message);
        var fault = proxy.Judge(request);
        switch (fault?.Kind)
        {
            case FaultKind.Busy:
                return BusyAnswer.For(service, fault.RetryAfter);
            case FaultKind.LoseRequest:
                await fault.AfterLoss();
                return null;
            case FaultKind.Delay:
                await (fault.HeldUntil?.Invoke() ?? Task.Delay(fault.Lateness, cancellationToken)).WaitAsync(cancellationToken);
                break;
        }

        var answer = await (await Connected(cancellationToken)).Exchange(message, isHead: request.Method == "HEAD", cancellationToken);
        switch (fault?.Kind)
        {
            case FaultKind.LoseAnswer:
                await fault.AfterLoss();
                return null;
            case FaultKind.Delay when answer is not null:
                fault.Answered(Encoding.UTF8.GetString(answer.Bytes.Span));
                break;
        }

        return answer?.Bytes;
    }

    private async Task<Upstream> Connected(CancellationToken cancellationToken)
    {
        if (_upstream is { IsStale: true })
        {
            _upstream.Dispose();
            _upstream = null;
        }

        return _upstream ??= await Upstream.Connect(target, cancellationToken);
    }

    /// <summary>The connection to the service.</summary>
    private sealed class Upstream(Socket socket) : IDisposable
    {
        private readonly NetworkStream _stream = new(socket);
        private HttpWireReader? _answers;

        /// <summary>Whether the service has closed it, as it does with a connection that was idle for some seconds.</summary>
        public bool IsStale => socket.Poll(0, SelectMode.SelectRead);

        public static async Task<Upstream> Connect(Uri target, CancellationToken cancellationToken)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(target.Host, target.Port, cancellationToken);
                return new Upstream(socket);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        public async Task<HttpWireMessage?> Exchange(HttpWireMessage message, bool isHead, CancellationToken cancellationToken)
        {
            _answers ??= new HttpWireReader(_stream);
            await _stream.WriteAsync(message.Bytes, cancellationToken);
            return await _answers.Read(isAnswer: true, hasNoContent: isHead, cancellationToken);
        }

        public void Dispose()
        {
            _stream.Dispose();
            socket.Dispose();
        }
    }
}
