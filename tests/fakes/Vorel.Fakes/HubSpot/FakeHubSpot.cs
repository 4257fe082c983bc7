using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vorel.Fakes.HubSpot;

/// <summary>
/// HubSpot: its OAuth pages and token endpoints, and the CRM of one account, on a loopback port. Stateful, and strict: what it does not
/// know it refuses. The README in this folder says which behaviour was verified where.
/// </summary>
public sealed class FakeHubSpot : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<HubSpotRequest> _requests = [];
    private readonly HubSpotStore _store;
    private readonly HubSpotConsent _consent;
    private readonly HubSpotOAuth _oauth;
    private readonly HubSpotRoutes _routes;

    /// <param name="time">The clock of tokens, codes, times of records, search and limits; the system's if not given.</param>
    /// <param name="app">The app that connects.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    public FakeHubSpot(TimeProvider? time = null, HubSpotApp? app = null, int port = 0)
    {
        var clock = time ?? TimeProvider.System;
        App = app ?? new HubSpotApp();
        Tokens = new HubSpotTokens(clock);
        Limits = new HubSpotLimits(clock);
        _store = new HubSpotStore(clock);
        _consent = new HubSpotConsent(App, Tokens, Portal);
        _oauth = new HubSpotOAuth(App, Tokens, Portal, clock);
        _routes = new HubSpotRoutes(Portal, Tokens, Limits, _store, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        _app = builder.Build();
        _app.Run(Serve);
    }

    /// <summary>The app.</summary>
    public HubSpotApp App { get; }

    /// <summary>The account.</summary>
    public HubSpotPortal Portal { get; } = new();

    /// <summary>What was given out.</summary>
    public HubSpotTokens Tokens { get; }

    /// <summary>The limits, which are off at first.</summary>
    public HubSpotLimits Limits { get; }

    /// <summary>What searches see, and how late.</summary>
    public HubSpotIndex Index => _store.Index;

    /// <summary>What goes wrong.</summary>
    public HubSpotFaults Faults { get; } = new();

    /// <summary>The address of everything: the API and the pages of <c>app.hubspot.com</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Every request that came, faulty ones included, in order.</summary>
    public IReadOnlyList<HubSpotRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>All records, archived ones too, oldest first.</summary>
    public IReadOnlyList<HubSpotRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _store.Records.Values];
            }
        }
    }

    /// <summary>All associations, both directions of each.</summary>
    public IReadOnlyList<HubSpotLink> Links
    {
        get
        {
            lock (_gate)
            {
                return _store.Links;
            }
        }
    }

    /// <summary>The refresh calls that came, whatever became of them.</summary>
    public IReadOnlyList<HubSpotRequest> Refreshes =>
        [.. Requests.Where(request => request.Route is "POST /oauth/v1/token" or "POST /oauth/v3/token" or "POST /oauth/2026-03/token" && request.Body.Contains("grant_type=refresh_token", StringComparison.Ordinal))];

    /// <summary>The records of a kind that are not archived, such as <c>deals</c>.</summary>
    public IReadOnlyList<HubSpotRecord> Living(string type) => [.. Records.Where(record => record.Type == type && record.ArchivedAt is null)];

    /// <summary>How many requests of a route came, such as <c>POST /crm/v3/objects/deals</c>; a trailing <c>*</c> stands for the rest.</summary>
    public int Count(string route) => Requests.Count(request => new HubSpotFault(HubSpotFaultKind.Reset).On(route).IsFor(request.Route));

    /// <summary>Starts to listen.</summary>
    public async Task Start()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task Serve(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var call = new HubSpotCall(context.Request, body.ToArray());
        var request = new HubSpotRequest(call.Method, call.RawPath, call.RawQuery, call.Text, call.Token);
        lock (_gate)
        {
            _requests.Add(request);
        }

        var fault = Faults.Take(request.Route);
        switch (fault?.Kind)
        {
            case HubSpotFaultKind.Answer:
                await Send(context, request, Broken(fault));
                return;
            case HubSpotFaultKind.Reset:
                context.Abort();
                return;
            case HubSpotFaultKind.LoseAnswer:
                Answer(call);
                context.Abort();
                return;
            case HubSpotFaultKind.Hang:
                await Wait(context, Task.Delay(Timeout.Infinite, _stopping.Token));
                return;
            case HubSpotFaultKind.Hold:
                await Wait(context, fault.Released);
                break;
        }

        await Send(context, request, Answer(call));
    }

    private HubSpotAnswer Answer(HubSpotCall call)
    {
        lock (_gate)
        {
            try
            {
                return (call.Method, call.Segments) switch
                {
                    ("GET", ["oauth", "authorize"]) => _consent.Ask(call),
                    ("POST", ["oauth", "authorize"]) => _consent.Decide(call),
                    ("POST", ["oauth", "v1", "token"]) => _oauth.Token(call, tellsWhose: false),
                    ("POST", ["oauth", "v3" or "2026-03", "token"]) => _oauth.Token(call, tellsWhose: true),
                    ("POST", ["oauth", "v3" or "2026-03", "token", "introspect"]) => _oauth.Introspect(call),
                    ("POST", ["oauth", "v3" or "2026-03", "token", "revoke"]) => _oauth.RevokeByForm(call),
                    ("GET", ["oauth", "v1", "access-tokens", var token]) => _oauth.AccessToken(token),
                    ("GET", ["oauth", "v1", "refresh-tokens", var token]) => _oauth.RefreshToken(token),
                    ("DELETE", ["oauth", "v1", "refresh-tokens", var token]) => _oauth.Revoke(token),
                    _ => _routes.Serve(call),
                };
            }
            catch (HubSpotRefusal refusal)
            {
                return refusal.Answer;
            }
        }
    }

    private static HubSpotAnswer Broken(HubSpotFault fault)
    {
        var answer = fault.Body is { } text ? new HubSpotAnswer(fault.Status, text, fault.ContentType) : HubSpotErrors.OfStatus(fault.Status);
        return fault.RetryAfter is { } seconds
            ? answer with { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture) } }
            : answer;
    }

    private static async Task Wait(HttpContext context, Task task)
    {
        await Task.WhenAny(task, Task.Delay(Timeout.Infinite, context.RequestAborted));
    }

    private static async Task Send(HttpContext context, HubSpotRequest request, HubSpotAnswer answer)
    {
        request.Status = answer.Status;
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            context.Response.ContentType = answer.ContentType;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body), context.RequestAborted);
        }
    }
}
