using System.Net;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class PublicPipelineTests
{
    [Fact]
    public async Task The_probe_and_the_health_check_answer()
    {
        await using var handler = await RunningHandler.Start();

        Assert.Equal("ready", await handler.Http.GetStringAsync("/"));
        Assert.Equal("""{"status":"ok"}""", await handler.Http.GetStringAsync("/health"));
    }

    [Theory]
    [InlineData("/v1/leads", "GET, POST")]
    [InlineData("/v1/conversations", "GET, POST")]
    [InlineData("/v1/leads/x", "GET, PATCH")]
    [InlineData("/v1/conversations/x", "GET, PATCH")]
    [InlineData("/api/tenant", "POST")]
    [InlineData("/api/tenant/x/crm", "DELETE, GET, PUT")]
    [InlineData("/api/tenant/x/crm/archive", "DELETE, PUT")]
    [InlineData("/api/tenant/x/webhook-subscriptions", "GET, POST")]
    [InlineData("/api/tenant/x/deliveries", "GET")]
    public async Task Every_address_refuses_the_methods_it_does_not_have_without_asking_who_calls(string path, string allowed)
    {
        await using var handler = await RunningHandler.Start();

        foreach (var method in (string[])["HEAD", "OPTIONS", "TRACE"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("Origin", "https://evil.example");
            using var answer = await handler.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/health", 200)]
    [InlineData("PUT", "/health", 405)]
    [InlineData("GET", "/v1/leads", 401)]
    [InlineData("POST", "/api/tenant", 401)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/v1", 404)]
    [InlineData("GET", "/api/tenants", 404)]
    [InlineData("POST", "/Live", 404)]
    public async Task Every_answer_carries_an_id_and_the_headers_that_keep_it_out_of_caches_and_sniffers(string method, string path, int status)
    {
        await using var api = await ApiHarness.Start();

        using var answer = await api.Handler.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(Guid.TryParse(answer.Headers.GetValues("X-Request-Id").Single(), out _));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("max-age=63072000; includeSubDomains; preload", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Count == 1);
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("DELETE")]
    public async Task A_method_that_an_address_does_not_take_is_405_with_those_it_does(string method)
    {
        await using var handler = await RunningHandler.Start();

        using var answer = await handler.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/health"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET"], answer.Content.Headers.Allow);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }
}
