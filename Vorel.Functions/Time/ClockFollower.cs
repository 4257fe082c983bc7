using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Time;

/// <summary>
/// Keeps the domain clock at the offset that the local host serves. Each question names the generation already taken
/// over, which tells the host that this handler has it; the host answers when there is a newer one. The first answer is
/// awaited before the handler says that it is ready.
/// </summary>
internal sealed class ClockFollower(RemoteClock clock, HandlerSettings settings, ILogger<ClockFollower> log) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(90) };
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private long _generation = -1;

    public Task StartingAsync(CancellationToken cancellationToken) => Ask(settings.ClockUrl!, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _following = Follow(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task Follow(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Ask(settings.ClockUrl!, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it was (refused, cut off in the middle of an answer, no JSON): who stops asking stays in the past.
                log.ClockUnreachable(exception);
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    private async Task Ask(Uri url, CancellationToken cancellationToken)
    {
        var question = new UriBuilder(url) { Query = $"generation={_generation}&handler={Uri.EscapeDataString(settings.WorkerId)}" }.Uri;
        if (await _http.GetFromJsonAsync(question, ClockJson.Default.ClockReading, cancellationToken) is { } reading)
        {
            clock.Move(TimeSpan.FromMilliseconds(reading.OffsetMs));
            _generation = reading.Generation;
        }
    }
}

/// <summary>What the local host says of the domain clock.</summary>
internal sealed record ClockReading(long OffsetMs, long Generation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClockReading))]
internal sealed partial class ClockJson : JsonSerializerContext;
