using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests;

/// <summary>The host's own calls cannot be imitated through the front end, however the path is written.</summary>
public sealed class EnvelopeGuardTests : IAsyncLifetime
{
    private static readonly string[] s_climbs =
    [
        "/v1/../{0}", "/v1/%2e%2e/{0}", "/v1/%252e%252e/{0}", "/v1/%25252e%25252e/{0}", "/v1/..%2f{0}", "/v1/%2e%2e%2f{0}",
        "/v1/%252e%252e%252f{0}", "/v1/..%5c{0}", "/v1/..%255c{0}", "/api/%252e%252e/{0}", "/v1//%252e%252e//{0}", "//{0}", "/{0}", "/%2e/{0}",
    ];

    private TestStack _stack = null!;

    public async Task InitializeAsync() => _stack = await TestStack.Start();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task No_spelling_of_a_path_reaches_a_function_by_its_name()
    {
        var before = await _stack.Dump();
        var at = _stack.Host.Addresses;
        var functions = Directory.GetFiles(Repository.Handler, "function.json", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file))!).ToList();
        Assert.Contains("Live", functions);
        foreach (var function in functions)
        {
            foreach (var climb in s_climbs)
            {
                var path = string.Format(climb, function);
                var status = await RawHttp.Send(
                    at.Host.Address, "POST", path, at.Handlers.Single().Address.Authority, "Azure-Functions-Host/4.1037.0.0", """{"Data":{"message":"\"{}\""},"Metadata":{}}""");
                Assert.True(status is 400 or 401 or 404 or 405, $"POST {path} answered {status}");
            }
        }

        Assert.Equal(before, await _stack.Dump());
    }
}
