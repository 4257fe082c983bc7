using System.Net.Sockets;

namespace Vorel.LocalHost.Handler;

/// <summary>Asks <c>GET /</c> every 25 ms until the handler answers: any status will do.</summary>
internal sealed class ReadinessProbe(HttpClient client)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Completes when the handler is ready; only a socket error keeps the probe asking.</summary>
    /// <exception cref="OperationCanceledException">It was not ready in time.</exception>
    public async Task Ready(Uri address, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                return;
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException)
            {
                await Task.Delay(s_interval, cancellationToken);
            }
            catch (HttpRequestException)
            {
                return; // Something answered, if badly: the real host calls that ready.
            }
        }
    }
}
