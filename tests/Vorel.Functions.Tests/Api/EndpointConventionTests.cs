using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class EndpointConventionTests
{
    [Fact]
    public async Task Every_endpoint_says_who_may_call_it_and_those_that_say_everyone_say_why()
    {
        await using var api = await ApiHarness.Start();
        Assert.NotEmpty(Endpoints(api));
        Assert.All(Endpoints(api), endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<AccessRule>()));
        var open = Endpoints(api).Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is AccessRule.Anyone).ToList();
        Assert.Equal(["/", "/health", "/oauth/{provider}/callback", "/oauth/{provider}/start"], open.Select(Pattern).Order(StringComparer.Ordinal));
        Assert.All(open, endpoint => Assert.InRange(((AccessRule.Anyone)endpoint.Metadata.GetMetadata<AccessRule>()!).Because.Length, 20, 200));
        Assert.All(Endpoints(api).Where(endpoint => Pattern(endpoint).StartsWith("/api", StringComparison.Ordinal)), endpoint =>
            Assert.IsType<AccessRule.Operator>(endpoint.Metadata.GetMetadata<AccessRule>()));
        Assert.All(Endpoints(api).Where(endpoint => Pattern(endpoint).StartsWith("/v1", StringComparison.Ordinal)), endpoint =>
            Assert.IsType<AccessRule.TenantKey>(endpoint.Metadata.GetMetadata<AccessRule>()));
    }

    [Fact]
    public async Task Every_endpoint_lies_below_the_route_of_a_function_so_that_the_host_forwards_it()
    {
        await using var api = await ApiHarness.Start();
        var prefixes = FunctionCatalogue.Default.All.Where(function => function.Kind == FunctionKind.Http)
            .Select(function => "/" + function.Bindings[0]["route"]!.GetValue<string>().Split("/{*")[0]).ToList();

        Assert.All(Endpoints(api).Where(endpoint => Pattern(endpoint) != "/"), endpoint =>
            Assert.Contains(prefixes, prefix => (Pattern(endpoint) + "/").StartsWith(prefix + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_function_that_the_host_calls_has_the_name_of_a_public_path()
    {
        await using var api = await ApiHarness.Start();
        var firstSegments = Endpoints(api).Select(endpoint => Pattern(endpoint).Trim('/').Split('/')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.DoesNotContain(FunctionCatalogue.Default.All, function => function.Kind != FunctionKind.Http && firstSegments.Contains(function.Name));
    }

    private static IEnumerable<RouteEndpoint> Endpoints(ApiHarness api) =>
        api.Handler.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
