using System.Net;
using System.Text.Json.Nodes;
using Vorel.Fakes.HubSpot;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>Limits and faults of the stand-in, as HubSpot's own client and any other meet them.</summary>
public sealed class HubSpotMishapsRefereeTests(HubSpotReferee referee) : IClassFixture<HubSpotReferee>, IAsyncLifetime
{
    private readonly HttpClient _caller = new();

    private FakeHubSpot HubSpot => referee.HubSpot;

    public async Task InitializeAsync()
    {
        await referee.Renew();
        _caller.BaseAddress = HubSpot.Address;
        _caller.DefaultRequestHeaders.Authorization = new("Bearer", referee.Token);
    }

    public Task DisposeAsync()
    {
        _caller.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_client_comes_again_after_one_search_too_many()
    {
        HubSpot.Faults.Enqueue(HubSpotFault.Limit("SECONDLY"));

        Assert.NotNull(await referee.CallWithRetries(2, "crm.contacts.searchApi.doSearch", new JsonObject()));
        Assert.Equal(2, HubSpot.Count("POST /crm/v3/objects/contacts/search"));
    }

    [Fact]
    public async Task The_client_comes_again_after_a_fault_of_the_service()
    {
        HubSpot.Faults.Enqueue(HubSpotFault.Answer(502), HubSpotFault.Page(504));

        await referee.CallWithRetries(3, "crm.contacts.basicApi.getPage");

        Assert.Equal([502, 504, 200], HubSpot.Requests.Select(request => request.Status));
    }

    [Theory]
    [InlineData("SECONDLY", "You have reached your secondly limit.")]
    [InlineData("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.")]
    [InlineData("DAILY", "You have reached your daily limit.")]
    public async Task One_call_too_many_names_its_limit(string policy, string message)
    {
        HubSpot.Faults.Enqueue(HubSpotFault.Limit(policy, retryAfter: 7));

        using var answer = await _caller.GetAsync("/crm/v3/objects/contacts");

        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (answer.StatusCode, answer.Headers.RetryAfter!.Delta));
        Assert.Equal((policy, message, "RATE_LIMITS"), (body["policyName"]!.GetValue<string>(), body["message"]!.GetValue<string>(), body["category"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_limit_counts_the_calls_of_ten_seconds_and_says_what_is_left()
    {
        HubSpot.Limits.AreOn = true;
        HubSpot.Limits.PerTenSeconds = 2;

        Assert.Equal([(200, "1"), (200, "0"), (429, null)], [await Called(), await Called(), await Called()]);
        referee.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((200, "1"), await Called());
    }

    [Fact]
    public async Task Five_searches_are_let_through_in_a_second_and_tell_of_no_limit()
    {
        HubSpot.Limits.AreOn = true;
        for (var search = 0; search < 5; search++)
        {
            var answer = await referee.Raw("POST", "/crm/v3/objects/contacts/search", new JsonObject());
            Assert.DoesNotContain(answer["headers"]!.AsObject(), header => header.Key.StartsWith("x-hubspot", StringComparison.OrdinalIgnoreCase));
        }

        Assert.Equal(429, (await referee.Raw("POST", "/crm/v3/objects/contacts/search", new JsonObject()))["status"]!.GetValue<int>());
        referee.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await referee.Raw("POST", "/crm/v3/objects/contacts/search", new JsonObject()))["status"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(423)]
    [InlineData(477)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_status_is_answered_in_words_and_nothing_is_done(int status)
    {
        HubSpot.Faults.Enqueue(HubSpotFault.Answer(status, retryAfter: 3).On("POST /crm/v3/objects/*"));
        Assert.Equal((200, "109"), await Called());

        using var answer = await Create();

        Assert.Equal((status, 3), ((int)answer.StatusCode, (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal("error", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!.GetValue<string>());
        Assert.Empty(HubSpot.Records);
        Assert.Equal(0, HubSpot.Faults.Waiting);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_of_something_that_was_done()
    {
        HubSpot.Faults.Enqueue(HubSpotFault.LoseAnswer, HubSpotFault.Reset);

        await Assert.ThrowsAsync<HttpRequestException>(Create);
        await Assert.ThrowsAsync<HttpRequestException>(Create);

        Assert.Single(HubSpot.Living("contacts"));
        Assert.Equal([null, null], HubSpot.Requests.Select(request => request.Status));
    }

    [Fact]
    public async Task A_request_that_is_held_is_served_when_it_is_let_go()
    {
        var gate = new TaskCompletionSource();
        HubSpot.Faults.Standing = HubSpotFault.Hold(gate.Task);
        var create = Create();
        await Eventually.True(() => HubSpot.Requests.Count == 1, "the request came");
        Assert.Empty(HubSpot.Records);

        gate.SetResult();

        using var answer = await create;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task What_came_is_told_with_its_token()
    {
        using var answer = await Create();

        var request = Assert.Single(HubSpot.Requests);
        Assert.Equal(("POST /crm/v3/objects/contacts", 201, referee.Token), (request.Route, request.Status, request.Token));
        Assert.DoesNotContain(referee.Token, request.ToString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> Create()
    {
        using var body = new StringContent("""{"properties":{"firstname":"Ada"},"associations":[]}""", System.Text.Encoding.UTF8, "application/json");
        return await _caller.PostAsync("/crm/v3/objects/contacts", body);
    }

    private async Task<(int Status, string? Left)> Called()
    {
        using var answer = await _caller.GetAsync("/crm/v3/objects/contacts");
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("X-HubSpot-RateLimit-Remaining", out var left) ? left.Single() : null);
    }
}
