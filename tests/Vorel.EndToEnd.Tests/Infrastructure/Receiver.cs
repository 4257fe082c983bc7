using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A subscriber's endpoint on loopback that answers as a script says and keeps what it got. Each test uses a path of its own.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<int, HttpContext, Task>> _scripts = new();
    private readonly ConcurrentQueue<Post> _posts = new();
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>The <c>host:port</c> to allow.</summary>
    public string Authority => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    /// <summary>Tells the domain time at which a post arrived.</summary>
    public Func<Task<DateTimeOffset>> DomainNow { get; set; } = () => Task.FromResult(DateTimeOffset.UtcNow);

    public static async Task<Receiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.Receive);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The URL of <paramref name="name"/>, which answers by <paramref name="script"/>; its first argument is the number of the post, from 1.</summary>
    public string Url(string name, Func<int, HttpContext, Task> script)
    {
        _scripts[$"/{name}"] = script;
        return $"http://{Authority}/{name}";
    }

    /// <summary>The URL of <paramref name="name"/>, which answers these statuses in turn and repeats the last.</summary>
    public string Url(string name, params int[] statuses) => Url(name, (number, context) =>
    {
        context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
        return Task.CompletedTask;
    });

    /// <summary>What arrived at <paramref name="name"/>, in order.</summary>
    public IReadOnlyList<Post> Posts(string name) => [.. _posts.Where(post => post.Path == $"/{name}")];

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task Receive(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path.Value!;
        var post = new Post(path, await DomainNow(), body.ToArray(), context.Request.Headers["X-Webhook-Signature"].ToString());
        _posts.Enqueue(post);
        if (!_scripts.TryGetValue(path, out var script))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Request.Body = new MemoryStream(post.Body); // For scripts that answer by what they got.
        await script(_posts.Count(other => other.Path == path), context);
    }
}

/// <summary>One delivery as it arrived.</summary>
internal sealed record Post(string Path, DateTimeOffset At, byte[] Body, string Signature);
