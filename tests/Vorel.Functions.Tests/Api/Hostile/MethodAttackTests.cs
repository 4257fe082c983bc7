using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Every route against every method that it does not have, and pages of other origins.</summary>
[Trait("Area", "hostile")]
public sealed class MethodAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    private static readonly string[] s_methods =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "TRACK", "DEBUG", "PROPFIND", "MKCOL", "MOVE", "QUERY", "PURGE", "LIST", "GETX", "HELLO"];

    [Fact]
    public async Task Every_route_refuses_every_method_that_it_does_not_have_and_names_those_it_has()
    {
        var api = await s_api;
        var routes = Routes(api);
        Assert.Contains("/v1/leads/{id}", routes.Keys);

        foreach (var (pattern, allowed) in routes)
        {
            var path = pattern.Replace("{tenant}", api.Own.Tenant, StringComparison.Ordinal).Replace("{id}", api.Own.Lead, StringComparison.Ordinal);
            foreach (var method in s_methods.Except(allowed, StringComparer.Ordinal))
            {
                await AssertMethodRefused(api, new HttpRequestMessage(new HttpMethod(method), path), allowed);
            }
        }
    }

    [Fact]
    public async Task A_page_of_another_origin_is_granted_nothing_before_or_after_its_call()
    {
        var api = await s_api;
        foreach (var (pattern, allowed) in Routes(api))
        {
            var path = pattern.Replace("{tenant}", api.Own.Tenant, StringComparison.Ordinal).Replace("{id}", api.Own.Lead, StringComparison.Ordinal);
            foreach (var origin in (string[])["https://evil.example", "null", "http://127.0.0.1:7071", "https://app.example.evil.example"])
            {
                using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
                preflight.Headers.Add("Origin", origin);
                preflight.Headers.Add("Access-Control-Request-Method", allowed[0]);
                preflight.Headers.Add("Access-Control-Request-Headers", "authorization, content-type");
                preflight.Headers.Add("Access-Control-Request-Private-Network", "true");
                preflight.Headers.Add("Cookie", "session=1");
                await AssertMethodRefused(api, preflight, allowed);

                using var call = new HttpRequestMessage(new HttpMethod(allowed[0]), path) { Content = new StringContent("x") };
                call.Headers.Add("Origin", origin);
                call.Headers.Add("Cookie", "session=1");
                using var answer = await api.Api.Handler.Http.SendAsync(call);
                Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase) || header.Key == "Set-Cookie");
            }
        }
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("X-HTTP-Method", "PATCH")]
    [InlineData("X-Method-Override", "PUT")]
    public async Task A_header_does_not_change_the_method(string header, string method)
    {
        var api = await s_api;
        var before = api.Api.Dump();
        using var request = new HttpRequestMessage(HttpMethod.Get, api.Own.LeadPath + "?_method=DELETE");
        request.Headers.Add("Authorization", "Bearer " + api.Own.Key);
        request.Headers.Add(header, method);

        using var answer = await api.Api.Handler.Http.SendAsync(request);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(before, api.Api.Dump());
    }

    private static async Task AssertMethodRefused(HostileApi api, HttpRequestMessage request, string[] allowed)
    {
        using (request)
        {
            var before = api.Api.Dump();

            using var answer = await api.Api.Handler.Http.SendAsync(request);

            Assert.True((int)answer.StatusCode == 405, $"{request.Method} {request.RequestUri} answered {(int)answer.StatusCode}");
            Assert.Equal(allowed, answer.Content.Headers.Allow.Order(StringComparer.Ordinal));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(request.Method == HttpMethod.Head ? body.Length == 0 : JsonNode.Parse(body)!["code"]!.GetValue<string>() == "method_not_allowed");
            Assert.Equal(before, api.Api.Dump());
            api.AssertNothingPrinted();
        }
    }

    /// <summary>The methods of every route that there is.</summary>
    private static SortedDictionary<string, string[]> Routes(HostileApi api) => new(
        api.Api.Handler.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .GroupBy(endpoint => endpoint.RoutePattern.RawText!.TrimEnd('/') is { Length: > 0 } text ? text : "/", StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => group.SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods).Order(StringComparer.Ordinal).ToArray(),
                StringComparer.Ordinal),
        StringComparer.Ordinal);
}
