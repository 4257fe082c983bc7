using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Development;

/// <summary>The stand-in for HubSpot as a process beside the stack, with an app that is made for this run.</summary>
public sealed class HubSpotStandIn : IAsyncDisposable
{
    private const string CallbackPath = "/oauth/hubspot/callback";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;
    private readonly LocalClient _control;

    private HubSpotStandIn(ChildProcess process, Uri address, Uri control, IReadOnlyDictionary<string, string> settings)
    {
        _process = process;
        _control = new LocalClient(control);
        Address = address;
        Settings = settings;
    }

    /// <summary>Where it stands for <c>api.hubapi.com</c> and <c>app.hubspot.com</c>.</summary>
    public Uri Address { get; }

    /// <summary>What the handler is told, so that it takes the stand-in for HubSpot.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="assembly">Its published assembly.</param>
    /// <param name="stateFolder">Where it says that it is up.</param>
    /// <param name="front">Where browsers find the API: the address that the app's users are sent back to.</param>
    /// <param name="onLine">Called for every line that it prints.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DevelopmentException">It ended, or did not come up in time.</exception>
    public static async Task<HubSpotStandIn> Start(string assembly, string stateFolder, Uri front, Action<string> onLine, CancellationToken cancellationToken)
    {
        var (id, secret) = (Guid.NewGuid().ToString(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        var readyFile = Path.Combine(stateFolder, "hubspot.json");
        File.Delete(readyFile);
        var process = ChildProcess.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [assembly, readyFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string>
            {
                ["HUBSPOT_STAND_IN_CLIENT_ID"] = id,
                ["HUBSPOT_STAND_IN_CLIENT_SECRET"] = secret,
                ["HUBSPOT_STAND_IN_REDIRECT_URI"] = new Uri(front, CallbackPath).AbsoluteUri,
            },
            onLine);
        try
        {
            await UntilReady(process, readyFile, cancellationToken);
            var said = JsonNode.Parse(await File.ReadAllTextAsync(readyFile, cancellationToken))!;
            var address = new Uri(said["address"]!.GetValue<string>());
            var origin = address.GetLeftPart(UriPartial.Authority);
            return new HubSpotStandIn(process, address, new Uri(said["control"]!.GetValue<string>()), new Dictionary<string, string>
            {
                ["VOREL_PUBLIC_BASE_URL"] = front.GetLeftPart(UriPartial.Authority),
                ["VOREL_DEV_PROVIDER_ORIGINS"] = $"https://api.hubapi.com={origin},https://app.hubspot.com={origin}",
                ["VOREL_DEV_ALLOWED_HOSTS"] = address.Authority,
                ["VOREL_HUBSPOT_CLIENT_ID"] = id,
                ["VOREL_HUBSPOT_CLIENT_SECRET"] = secret,
            });
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>What came and what there is.</summary>
    public Task<JsonObject> State(CancellationToken cancellationToken) => _control.Expect(HttpMethod.Get, "/state.json", null, cancellationToken);

    /// <summary>Ends every access token, as half an hour would.</summary>
    public Task ExpireTokens(CancellationToken cancellationToken) => _control.Expect(HttpMethod.Post, "/expire", null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task UntilReady(ChildProcess process, string readyFile, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        try
        {
            while (!File.Exists(readyFile))
            {
                if (process.HasExited)
                {
                    throw new DevelopmentException($"The stand-in for HubSpot ended at start with exit code {await process.WaitForExit(cancellationToken)}.");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DevelopmentException($"The stand-in for HubSpot did not come up within {s_startLimit.TotalSeconds:0} s.");
        }
    }
}
