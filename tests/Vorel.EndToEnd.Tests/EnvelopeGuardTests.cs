using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Configuration;

namespace Vorel.EndToEnd.Tests;

/// <summary>The host's own calls cannot be imitated through the front end, however the path is written and whichever way requests travel.</summary>
[Trait("Area", "host")]
public sealed class EnvelopeGuardTests
{
    /// <summary>{0} is the function's name, {1} the host's own address, {2} the handler's.</summary>
    private static readonly string[] s_climbs =
    [
        "/{0}", "//{0}", "/./{0}", "/%2e/{0}", "/{0}/", "/{0};x", "/{0}?x=1", "/%2F{0}", "/v1/../{0}", "/v1/x/../../{0}",
        "/v1/%2e%2e/{0}", "/v1/%2E%2e/{0}", "/v1/.%2e/{0}", "/v1/%2e%2e%2f{0}", "/v1/%2E%2E%2F{0}", "/v1/..%2f{0}",
        "/v1/%252e%252e/{0}", "/v1/%252E%252e/{0}", "/v1/.%252e/{0}", "/v1/%252e%252e%252f{0}", "/v1/%252E%252E%252F{0}", "/v1/..%252f{0}",
        "/v1/%25252e%25252e/{0}", "/v1/%25252e%25252e%25252f{0}", "/v1//%252e%252e//{0}", "/v1/a/%252e%252e/%252e%252e/{0}", "/v1/%252e%252e/%252e%252e/{0}",
        "/v1/..\\{0}", "/v1\\..\\{0}", "/v1/..%5c{0}", "/v1/%2e%2e%5C{0}", "/v1/..%255c{0}", "/v1/%252e%252e%255C{0}", "/v1%5c..%5c{0}", "/v1/%5c%252e%252e/{0}",
        "/api/%252e%252e/{0}", "/api/tenant/%252e%252e/%252E%252e/{0}", "/v1/%252e%252e/{0}?a=%252e%252e", "/v1/%252e%252e/{0}%3fx", "/v1/%252e%252e/{0}%23x",
        "http://{1}/{0}", "http://{1}/v1/../{0}", "http://{1}/v1/%2e%2e/{0}", "http://{1}/v1/%252e%252e/{0}", "http://{2}/{0}", "http://{2}/v1/%252e%252e/{0}",
    ];

    /// <summary>What a caller may try to pass for the host, or to have a proxy take the front end's marks away.</summary>
    private static readonly string[] s_disguises =
    [
        "X-Azure-Functions-InvocationId: 5b6a3f0e-1111-4222-8333-944455566677",
        "Connection: close, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto, X-Original-URL, X-WAWS-Unencoded-URL, X-ARR-LOG-ID, DISGUISED-HOST, "
        + "WAS-DEFAULT-HOSTNAME, CLIENT-IP, x-ms-invocation-id",
    ];

    [Theory]
    [InlineData(HttpMode.Proxying)]
    [InlineData(HttpMode.Forwarding)]
    public async Task No_spelling_of_a_path_reaches_a_function_by_its_name(HttpMode mode)
    {
        await using var stack = await TestStack.Start(new TestStackOptions { HttpMode = mode });
        var before = await stack.Dump();
        var host = stack.Host.Addresses.Host.Address;
        var handler = stack.Host.Addresses.Handlers.Single().Address.Authority;
        var functions = Directory.GetFiles(Repository.Handler, "function.json", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file))!).ToList();
        Assert.Contains("Live", functions);
        var attacks = from function in functions from climb in s_climbs from disguise in s_disguises select (Path: string.Format(climb, function, host.Authority, handler), disguise);
        await Parallel.ForEachAsync(attacks, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (attack, _) =>
        {
            // The authority in Host has to be that of an absolute target; else the handler's own is the better disguise.
            var authority = attack.Path.StartsWith("http", StringComparison.Ordinal) ? new Uri(attack.Path).Authority : handler;
            var status = await RawHttp.Send(
                host, "POST", attack.Path, authority, "Azure-Functions-Host/4.1037.0.0", """{"Data":{"message":"\"{}\""},"Metadata":{}}""", attack.disguise);
            Assert.True(status is 400 or 401 or 404 or 405, $"POST {attack.Path} answered {status}");
        });

        Assert.Equal(before, await stack.Dump());
        Assert.DoesNotContain(stack.Lines, line => line.Contains("Unhandled", StringComparison.OrdinalIgnoreCase));
    }
}
