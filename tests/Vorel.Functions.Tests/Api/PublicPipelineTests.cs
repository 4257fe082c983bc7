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
