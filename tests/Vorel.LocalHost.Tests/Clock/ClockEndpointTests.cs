using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Clock;

public sealed class ClockEndpointTests : IAsyncLifetime
{
    private readonly TestApp _published = new TestApp().Http("Api", "v1/{*path}");
    private readonly RawHandler _handler = new();
    private readonly NextTimer _timers = new();
    private readonly MemoryState _state = new();
    private TestHost _host = null!;

    private string Id => _handler.Endpoint.WorkerId;

    public async Task InitializeAsync() => _host = await Start();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _handler.DisposeAsync();
        _published.Dispose();
    }

    [Fact]
    public async Task A_jump_is_answered_only_when_the_live_handler_has_acknowledged_it()
    {
        _host.Get<ClockAudience>().Starting(_handler.Endpoint);
        Assert.Equal((0L, 0L), await Read($"/admin/clock/{Id}"));
        var advance = Advance("""{"by":"PT5M"}""");
        Assert.Equal((300_000L, 1L), await Read($"/admin/clock/{Id}?generation=0"));
        Assert.False(advance.IsCompleted);
        Assert.Equal(TimeSpan.Zero, _host.Get<DomainClock>().Offset); // The host's own timers follow after the handlers.
        var next = Read($"/admin/clock/{Id}?generation=1");
        var (status, answer) = await advance;
        Assert.Equal(200, status);
        Assert.Equal("PT5M", answer.GetProperty("by").GetString());
        Assert.Equal(1, answer.GetProperty("generation").GetInt64());
        Assert.Equal(TimeSpan.FromMinutes(5), _host.Get<DomainClock>().Offset);
        Assert.False(next.IsCompleted);
        _host.Get<ClockAudience>().Ended(_handler.Endpoint);
        await Advance("""{"by":"PT1S"}""");
        Assert.Equal((301_000L, 2L), await next);
    }

    [Fact]
    public async Task A_handler_that_dies_during_a_jump_holds_nobody_up()
    {
        _host.Get<ClockAudience>().Starting(_handler.Endpoint);
        await Read($"/admin/clock?handler={Id}&generation=-1");
        var advance = Advance("""{"by":"P1D"}""");
        Assert.Equal((86_400_000L, 1L), await Read("/admin/clock?generation=0"));
        Assert.False(advance.IsCompleted);
        _host.Get<ClockAudience>().Ended(_handler.Endpoint);
        Assert.Equal(200, (await advance).Status);
    }

    [Fact]
    public async Task A_jump_waits_for_every_live_handler()
    {
        var second = new HandlerEndpoint(new Uri("http://127.0.0.1:1"), "second", 2);
        _host.Get<ClockAudience>().Starting(_handler.Endpoint);
        _host.Get<ClockAudience>().Starting(second);
        await Read($"/admin/clock/{Id}");
        await Read("/admin/clock/second");
        var advance = Advance("""{"by":"PT5M"}""");
        Assert.Equal((300_000L, 1L), await Read($"/admin/clock/{Id}?generation=0"));
        Assert.Equal((300_000L, 1L), await Read("/admin/clock/second?generation=0"));
        var follows = Read($"/admin/clock/{Id}?generation=1");
        Assert.Equal((300_000L, 1L), await Read("/admin/clock/second?generation=0"));
        Assert.False(advance.IsCompleted);
        var followsToo = Read("/admin/clock/second?generation=1");
        Assert.Equal(200, (await advance).Status);
        _host.Get<ClockAudience>().Ended(_handler.Endpoint);
        _host.Get<ClockAudience>().Ended(second);
        await Advance("""{"by":"PT1S"}""");
        Assert.Equal(2, (await follows).Generation);
        Assert.Equal(2, (await followsToo).Generation);
    }

    [Fact]
    public async Task To_next_jumps_to_the_earliest_durable_timer_and_says_so_where_none_waits()
    {
        Assert.Equal(409, (await Advance("""{"to":"next"}""")).Status);
        Assert.Equal(0, _host.Get<DomainClock>().Generation);
        _timers.Due = DateTimeOffset.UtcNow.AddHours(2);
        var (status, answer) = await Advance("""{"to":"next"}""");
        Assert.Equal(200, status);
        Assert.True(answer.GetProperty("now").GetDateTimeOffset() >= _timers.Due);
        Assert.InRange(_host.Get<DomainClock>().Offset, TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(121));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"by":"-PT5M"}""")]
    [InlineData("""{"by":"five"}""")]
    [InlineData("""{"by":"PT5M","to":"next"}""")]
    [InlineData("""{"to":"noon"}""")]
    [InlineData("""{"by":"PT5M","more":1}""")]
    [InlineData("""{"by":"P9000Y"}""")]
    [InlineData("nonsense")]
    public async Task Anything_else_is_refused_and_moves_nothing(string body)
    {
        Assert.Equal(400, (await Advance(body)).Status);
        Assert.Equal(0, _host.Get<DomainClock>().Generation);
    }

    [Fact]
    public async Task A_restarted_host_keeps_the_offset()
    {
        await Advance("""{"by":"PT3H"}""");
        await _host.DisposeAsync();
        _host = await Start();
        Assert.Equal((10_800_000L, 1L), await Read("/admin/clock"));
        Assert.Equal(TimeSpan.FromHours(3), _host.Get<DomainClock>().Offset);
    }

    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_web_page_does_not_move_the_clock(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/clock/advance") { Content = new StringContent("""{"by":"PT5M"}"""), Headers = { { header, value } } };
        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Equal((0, 0), await Read("/admin/clock"));
    }

    private Task<TestHost> Start() => TestHost.Start(_published, _handler, _state, more: services => services.AddSingleton<INextTimer>(_timers));

    private async Task<(long OffsetMs, long Generation)> Read(string path)
    {
        var answer = await _host.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
        return (answer.GetProperty("offset_ms").GetInt64(), answer.GetProperty("generation").GetInt64());
    }

    private async Task<(int Status, JsonElement Answer)> Advance(string body)
    {
        using var content = new StringContent(body);
        using var answer = await _host.Client.PostAsync(new Uri("/admin/clock/advance", UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private sealed class NextTimer : INextTimer
    {
        public DateTimeOffset? Due { get; set; }

        public Task<DateTimeOffset?> Next(CancellationToken cancellationToken) => Task.FromResult(Due);
    }
}
