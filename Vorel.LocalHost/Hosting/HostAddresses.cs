using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Vorel.LocalHost.Hosting;

/// <summary>Where the local host itself listens: known only once the server is up, since ports may be dynamic.</summary>
internal sealed class HostAddresses(IServer server, IHostApplicationLifetime lifetime)
{
    /// <summary>The public front end.</summary>
    public Uri FrontEnd => new(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The address from which one handler reads the domain clock.</summary>
    public Uri ClockFor(string workerId) => new(FrontEnd, $"/admin/clock/{workerId}");

    /// <summary>Completes once the server listens.</summary>
    public async Task Listening(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }
}
