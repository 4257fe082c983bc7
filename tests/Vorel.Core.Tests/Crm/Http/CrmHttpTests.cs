using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;
using Vorel.Core.Crm.Http;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.Http;

public sealed class CrmHttpTests : IAsyncLifetime
{
    private static readonly CrmDialect s_dialect = new("example", "Example", answer => new CrmException(
        answer.Status switch
        {
            429 => CrmErrorCode.RateLimited,
            >= 500 => CrmErrorCode.ProviderUnavailable,
            401 => CrmErrorCode.AuthError,
            _ => CrmErrorCode.ProviderError,
        },
        "Refused.",
        answer.Status is 429 or >= 500,
        answer.RetryAfter));

    private static readonly Uri s_address = new("https://api.example.com/things");

    private readonly FakeTimeProvider _clock = new();
    private readonly FaultFront _provider = new() { Target = () => throw new InvalidOperationException() };
    private readonly StagedTokens _tokens = new(() => "token-" + Guid.NewGuid());
    private readonly List<string> _authorizations = [];
    private EgressGuard _guard = null!;
    private HttpMessageInvoker _invoker = null!;
    private CrmLines _lines = null!;

    public async Task InitializeAsync()
    {
        await _provider.Start();
        _guard = new EgressGuard(DevelopmentHosts.Parse(_provider.Address.Authority));
        _invoker = new HttpMessageInvoker(_guard.CreateHandler());
        _lines = new CrmLines(_clock, CrmPatience.Default with { FirstWait = TimeSpan.Zero });
    }

    public async Task DisposeAsync()
    {
        _invoker.Dispose();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_read_is_repeated_until_it_works(int status)
    {
        Answers(FrontFault.Answer(status), FrontFault.Answer(status), Good);
        Assert.Equal(200, await Send(Get));
        Assert.Equal(3, _provider.Requests);
    }

    [Fact]
    public async Task A_read_is_made_three_times_and_no_more()
    {
        _provider.Standing = FrontFault.Answer(500);
        Assert.Equal(CrmErrorCode.ProviderUnavailable, (await Fails(Get)).Code);
        Assert.Equal(3, _provider.Requests);
    }

    [Fact]
    public async Task A_read_that_is_answered_with_something_else_than_JSON_is_repeated()
    {
        Answers(FrontFault.Text(200, "<html>", "text/html"), FrontFault.Text(200, "{", "application/json"), Good);
        Assert.Equal(200, await Send(Get));
        Assert.Equal(3, _provider.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_write_whose_outcome_is_unknown_is_never_repeated(int status)
    {
        Answers(FrontFault.Answer(status), Good);
        Assert.True((await Fails(Post)).OutcomeUnknown);
        Assert.Equal(1, _provider.Requests);
    }

    [Fact]
    public async Task A_write_whose_connection_breaks_is_not_repeated_and_its_outcome_is_unknown()
    {
        Answers(FrontFault.Reset, Good);
        var exception = await Fails(Post);
        Assert.Equal((CrmErrorCode.ProviderUnavailable, true, true), (exception.Code, exception.Retryable, exception.OutcomeUnknown));
        Assert.Equal(1, _provider.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_write_that_was_certainly_not_begun_is_repeated_when_the_provider_says(int status)
    {
        Answers(FrontFault.Answer(status, retryAfter: 2), Good);
        var sending = Send(Post);
        await Eventually.True(() => _clock.NextTimer == TimeSpan.FromSeconds(2), "the call waits");
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, _provider.Requests);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(200, await Eventually.Within(sending, "it is repeated"));
    }

    [Fact]
    public async Task A_wait_longer_than_a_call_has_is_handed_on()
    {
        Answers(FrontFault.Answer(429, retryAfter: 6), Good);
        Assert.Equal(TimeSpan.FromSeconds(6), (await Fails(Get)).RetryAfter);
        Assert.Equal(1, _provider.Requests);
    }

    [Fact]
    public async Task Nothing_left_when_nobody_listens()
    {
        var nobody = new Uri("http://127.0.0.1:9");
        var services = new CrmDriverServices(
            new EgressGuard(DevelopmentHosts.Parse(nobody.Authority)), new HttpMessageInvoker(new EgressGuard(DevelopmentHosts.Parse(nobody.Authority)).CreateHandler()), Origins(nobody), _lines, _clock);
        var exception = await Assert.ThrowsAsync<CrmException>(() => Http("a", services).Send(Post, answer => answer.Status, default));
        Assert.Equal((CrmErrorCode.ProviderUnavailable, true, false), (exception.Code, exception.Retryable, exception.OutcomeUnknown));
        Assert.DoesNotContain("127.0.0.1", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        Answers(FrontFault.Answer(302), Good);
        Assert.Equal(CrmErrorCode.ProviderError, (await Fails(Post)).Code);
        Assert.Equal(1, _provider.Requests);
    }

    [Fact]
    public async Task Each_try_has_the_token_of_then()
    {
        Answers(FrontFault.Answer(429, retryAfter: 2), Good);
        var sending = Send(Get);
        await Eventually.True(() => _clock.NextTimer == TimeSpan.FromSeconds(2), "the call waits");
        _tokens.Replace();
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.Within(sending, "it is repeated");
        Assert.Equal(_tokens.All.Select(token => "Bearer " + token), _authorizations);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_in_a_call_however_often_it_is_tried()
    {
        Answers(FrontFault.Answer(401), FrontFault.Answer(500), FrontFault.Answer(401), Good);
        Assert.Equal(CrmErrorCode.AuthError, (await Fails(Get)).Code);
        Assert.Equal((1, 3), (_tokens.Refreshes, _provider.Requests));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("ключ")]
    public async Task A_token_that_is_none_is_not_sent_and_not_quoted(string token)
    {
        var tokens = new StagedTokens(() => token);
        var http = new CrmHttp(s_dialect, new CrmDriverContext("example", "a", default, tokens), Services);
        var exception = await Assert.ThrowsAsync<CrmException>(() => http.Send(Get, answer => answer.Status, default));
        Assert.Equal(CrmErrorCode.AuthError, exception.Code);
        Assert.DoesNotContain("Injected", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _provider.Requests);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_left_alone_for_a_while_by_this_account_alone()
    {
        _provider.Standing = FrontFault.Answer(500);
        for (var call = 0; call < 4; call++)
        {
            await Fails(Get);
        }

        var requests = _provider.Requests;
        var exception = await Fails(Get);
        Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (exception.Code, exception.Retryable));
        Assert.InRange(exception.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(15));
        Assert.Equal(requests, _provider.Requests);

        _provider.Standing = Good;
        Assert.Equal(200, await Http("another", Services).Send(Get, answer => answer.Status, default));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(200, await Send(Get));
    }

    [Fact]
    public async Task Refusals_do_not_make_a_provider_count_as_down()
    {
        _provider.Standing = FrontFault.Answer(400);
        for (var call = 0; call < 20; call++)
        {
            await Fails(Get);
        }

        Assert.Equal(20, _provider.Requests);
    }

    [Fact]
    public async Task A_verb_ends_when_its_time_is_over()
    {
        _provider.Standing = FrontFault.Hang;
        var http = Http("a", Services);
        var running = Assert.ThrowsAsync<CrmException>(() => http.Verb<int>(
            async token =>
            {
                while (true)
                {
                    try
                    {
                        await http.Send(Post, answer => answer.Status, token);
                    }
                    catch (CrmException)
                    {
                        // A driver that goes on whatever happens.
                    }
                }
            },
            default));
        var requests = 0;
        while (!running.IsCompleted)
        {
            await Eventually.True(() => running.IsCompleted || _provider.Requests > requests, "it goes on");
            requests = _provider.Requests;
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(CrmErrorCode.ProviderUnavailable, (await running).Code);
        Assert.InRange(requests, 1, 4);
    }

    private static CrmCall Get => new(HttpMethod.Get, s_address) { IsRead = true };

    private static CrmCall Post => new(HttpMethod.Post, s_address);

    private static FrontFault Good => FrontFault.Text(200, "{}", "application/json");

    private CrmDriverServices Services => new(_guard, _invoker, Origins(_provider.Address), _lines, _clock);

    private static ProviderOrigins Origins(Uri address) => ProviderOrigins.Parse($"https://api.example.com={address.GetLeftPart(UriPartial.Authority)}");

    private void Answers(params FrontFault[] answers)
    {
        foreach (var answer in answers)
        {
            _provider.Next(answer, request =>
            {
                _authorizations.Add(request.Headers.Authorization.ToString());
                return true;
            });
        }
    }

    private CrmHttp Http(string account, CrmDriverServices services) => new(s_dialect, new CrmDriverContext("example", account, default, _tokens), services);

    private Task<int> Send(CrmCall call) => Http("a", Services).Send(
        call,
        answer =>
        {
            answer.Read(HubSpotJson.Default.HubSpotRecords);
            return answer.Status;
        },
        default);

    private async Task<CrmException> Fails(CrmCall call)
    {
        var exception = await Assert.ThrowsAsync<CrmException>(() => Send(call));
        Assert.All(_tokens.All, token => Assert.DoesNotContain(token, exception.ToString(), StringComparison.Ordinal));
        return exception;
    }
}
