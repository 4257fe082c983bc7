using System.Net;

namespace Vorel.LocalHost.Http.Proxying;

/// <summary>The caller's body on its way to the handler. It can be read only once.</summary>
internal sealed class StreamedContent(Stream body, ActivityTimeout activity) : HttpContent
{
    private Task? _copying;

    /// <summary>True once the handler was offered it.</summary>
    public bool IsBegun => _copying is not null;

    /// <summary>Completes when the copying that was begun has ended, however it ended.</summary>
    public async Task Settled()
    {
        if (_copying is { } copying)
        {
            await copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _copying = Copy(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task Copy(Stream stream)
    {
        await stream.FlushAsync(activity.Token); // The head goes out at once: the handler may answer before the body comes.
        await activity.Copy(body, stream);
    }
}
