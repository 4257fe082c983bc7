using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Time;
using Vorel.Functions.Tests.Support;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Time;

public sealed class ClockFollowerTests
{
    [Fact]
    public async Task The_domain_clock_has_the_offset_before_the_handler_is_ready_and_follows_every_jump()
    {
        await using var clock = await ClockServer.Start(TimeSpan.FromHours(3));
        await using var handler = await RunningHandler.Start(RunningHandler.Settings with { ClockUrl = clock.Address, WorkerId = "worker 1" });
        var clocks = handler.Services.GetRequiredService<Clocks>();

        Assert.InRange(Ahead(clocks), TimeSpan.FromMinutes(179), TimeSpan.FromMinutes(181));

        clock.Jump(TimeSpan.FromDays(2));
        await Eventually.True(() => Ahead(clocks) > TimeSpan.FromDays(1.9), "the jump arrives");
        await Eventually.True(() => clock.Acknowledged("worker 1") == 1, "the jump is acknowledged");
        Assert.InRange(DateTimeOffset.UtcNow - clocks.Real.GetUtcNow(), TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_in_the_middle_does_not_stop_the_clock()
    {
        await using var clock = await ClockServer.Start(TimeSpan.Zero);
        await using var handler = await RunningHandler.Start(RunningHandler.Settings with { ClockUrl = clock.Address });
        var clocks = handler.Services.GetRequiredService<Clocks>();

        clock.BreakOffOnce();
        clock.Jump(TimeSpan.FromDays(1));

        await Eventually.True(() => Ahead(clocks) > TimeSpan.FromHours(23), "the jump arrives with the next answer");
        Assert.True(clock.HasBrokenOff);
    }

    [Fact]
    public async Task A_handler_does_not_start_without_the_clock_it_was_given()
    {
        var dead = new Uri("http://127.0.0.1:1/clock");

        await Assert.ThrowsAsync<HttpRequestException>(() => RunningHandler.Start(RunningHandler.Settings with { ClockUrl = dead }));
    }

    private static TimeSpan Ahead(Clocks clocks) => clocks.Domain.GetUtcNow() - clocks.Real.GetUtcNow();

    /// <summary>The local host's side: answers at once to an old generation, else when the clock jumps.</summary>
    private sealed class ClockServer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly Lock _gate = new();
        private readonly Dictionary<string, long> _acknowledged = new(StringComparer.Ordinal);
        private TaskCompletionSource _jump = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan _offset;
        private long _generation;
        private volatile bool _breakOff;
        private volatile bool _brokenOff;

        private ClockServer(TimeSpan offset)
        {
            _offset = offset;
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _app = builder.Build();
            _app.Run(Answer);
        }

        public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/clock");

        public static async Task<ClockServer> Start(TimeSpan offset)
        {
            var server = new ClockServer(offset);
            await server._app.StartAsync();
            return server;
        }

        public void Jump(TimeSpan by)
        {
            lock (_gate)
            {
                (_offset, _generation) = (_offset + by, _generation + 1);
                _jump.SetResult();
                _jump = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public bool HasBrokenOff => _brokenOff;

        public void BreakOffOnce() => _breakOff = true;

        public long Acknowledged(string handler)
        {
            lock (_gate)
            {
                return _acknowledged.GetValueOrDefault(handler, -1);
            }
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task Answer(HttpContext context)
        {
            var known = long.Parse(context.Request.Query["generation"]!, CultureInfo.InvariantCulture);
            Task wait;
            lock (_gate)
            {
                _acknowledged[context.Request.Query["handler"]!] = known;
                wait = known < _generation ? Task.CompletedTask : _jump.Task;
            }

            await wait.WaitAsync(context.RequestAborted);
            string answer;
            lock (_gate)
            {
                answer = $$"""{"offset_ms":{{(long)_offset.TotalMilliseconds}},"generation":{{_generation}}}""";
            }

            context.Response.ContentType = "application/json";
            if (_breakOff)
            {
                (_breakOff, _brokenOff) = (false, true);
                context.Response.ContentLength = answer.Length;
                await context.Response.WriteAsync(answer[..5]);
                context.Abort();
                return;
            }

            await context.Response.WriteAsync(answer);
        }
    }
}
