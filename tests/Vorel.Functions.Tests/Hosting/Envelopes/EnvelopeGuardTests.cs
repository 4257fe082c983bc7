using System.Text.RegularExpressions;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Hosting.Envelopes;

[Trait("Area", "hostile")]
public sealed class EnvelopeGuardTests
{
    /// <summary>Every spelling under which a forwarded request may arrive when somebody aims at a function's name.</summary>
    private static readonly string[] s_targets =
    [
        "/{0}", "//{0}", "///{0}", "/{0}/", "/{0}?", "/{0}?a=b", "/./{0}", "/../{0}", "/%2e/{0}", "/%2e%2e/{0}", "/%252e%252e/{0}",
        "/v1/../{0}", "/v1/..%2f{0}", "/v1/..%2F{0}", "/v1/..%252f{0}", "/v1/%2e%2e/{0}", "/v1/%2E%2E/{0}", "/v1/%2e%2e%2f{0}",
        "/v1/%252e%252e/{0}", "/v1/%252e%252e%252f{0}", "/v1/.%2e/{0}", "/v1/..;/{0}", "/v1/..\\{0}", "/v1/..%5c{0}", "/v1/%2e%2e%5c{0}",
        "/v1/%252e%252e%255c{0}", "/api/x/../../{0}", "/health/../{0}", "/{0}%20", "/{0}%00", "/{0}.", "/{0};x",
    ];

    public static TheoryData<string> AllFunctionNames =>
        [.. Probes.Catalogue.All.Concat(FunctionCatalogue.Default.All).Select(function => function.Name).Distinct(StringComparer.Ordinal)];

    public static TheoryData<string, string> Deviations => new()
    {
        { "Host", "app.example" },
        { "Host", "localhost:7071" },
        { "Host", "127.0.0.1" },
        { "User-Agent", "curl/8.0" },
        { "User-Agent", "curl/8.0 Azure-Functions-Host/4.1037.0.0" },
        { "User-Agent", "Azure-Functions-Host/4.1037.0.0 curl/8.0" },
        { "User-Agent", "" },
        { "X-Forwarded-For", "203.0.113.9" },
        { "X-Forwarded-Proto", "https" },
        { "X-Forwarded-Host", "app.example" },
        { "x-arr-log-id", "1" },
        { "X-ARR-SSL", "1" },
        { "DISGUISED-HOST", "app.example" },
        { "X-Original-URL", "/v1/%252e%252e/TakeMessage" },
        { "X-MS-CLIENT-PRINCIPAL", "e30=" },
        { "x-ms-invocation-id", "8f0c0b7e-6a53-4f7c-9a35-6d6f0a3d4c11" },
        { "Forwarded", "for=203.0.113.9" },
        { "Via", "1.1 proxy" },
        { "Authorization", "Bearer x" },
        { "Cookie", "a=b" },
        { "Origin", "https://evil.example" },
        { "Content-Type", "text/plain" },
        { "Content-Type", "application/json; charset=utf-7" },
        { "Content-Type", "application/x-www-form-urlencoded" },
        { "X-Azure-Functions-InvocationId", "" },
    };

    [Fact]
    public async Task The_hosts_own_call_runs_the_function()
    {
        await using var host = await ProbeHost.Start();

        var answer = await host.Post("/TakeMessage", ProbeHost.MessageEnvelope("hello"));

        Assert.Equal(200, answer.Status);
        Assert.Contains("""{"Outputs":{},"Logs":[],"ReturnValue":null}""", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["hello"], host.Journal.Calls);
    }

    [Theory]
    [MemberData(nameof(Deviations))]
    public async Task A_call_that_differs_from_the_hosts_in_one_header_is_404(string header, string value)
    {
        await using var host = await ProbeHost.Start();
        var headers = host.HostHeaders;
        headers.Remove(header);
        if (value.Length > 0)
        {
            headers[header] = value;
        }

        var answer = await host.Post("/TakeMessage", ProbeHost.MessageEnvelope("hello"), headers);

        Assert.Equal(404, answer.Status);
        Assert.Contains("\"code\":\"not_found\"", answer.Text, StringComparison.Ordinal);
        Assert.Empty(host.Journal.Calls);
    }

    [Fact]
    public async Task A_refused_name_and_an_unknown_one_are_told_apart_by_nothing()
    {
        await using var host = await ProbeHost.Start();
        var headers = host.HostHeaders;
        headers["X-Forwarded-For"] = "203.0.113.9";

        var refused = await host.Post("/TakeMessage", ProbeHost.MessageEnvelope("hello"), headers);
        var unknown = await host.Post("/TakeNothing", ProbeHost.MessageEnvelope("hello"), headers);

        Assert.Equal(WithoutIds(unknown.Text), WithoutIds(refused.Text));

        static string WithoutIds(string text) => Regex.Replace(text, "[0-9a-f]{8}-[0-9a-f-]{27}|Date: [^\r]*", "", RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task A_call_with_another_method_is_404(string method)
    {
        await using var host = await ProbeHost.Start();

        var answer = await host.Send($"{method} /TakeMessage HTTP/1.1", ProbeHost.MessageEnvelope("hello"));

        Assert.Equal(404, answer.Status);
        Assert.Empty(host.Journal.Calls);
    }

    [Theory]
    [MemberData(nameof(AllFunctionNames))]
    public async Task No_spelling_lets_a_forwarded_request_reach_a_function(string name)
    {
        await using var host = await ProbeHost.Start();
        var forwarding = host.HostHeaders;
        forwarding["Host"] = "app.example";
        forwarding["User-Agent"] = "Azure-Functions-Host/4.1037.0.0 Azure-Functions-Host/4.1037.0.0";
        var forwardingWithFrontEnd = new Dictionary<string, string>(forwarding, StringComparer.Ordinal) { ["X-Forwarded-For"] = "203.0.113.9", ["X-ARR-SSL"] = "x" };
        var proxying = host.HostHeaders;
        proxying["X-Forwarded-For"] = "203.0.113.9";
        proxying["DISGUISED-HOST"] = "app.example";
        string[] names = [name, name.ToLowerInvariant(), name.ToUpperInvariant(), $"%{(int)name[0]:X2}{name[1..]}"];

        foreach (var target in s_targets.SelectMany(template => names.Select(spelling => string.Format(template, spelling))).Distinct(StringComparer.Ordinal))
        {
            foreach (var headers in (Dictionary<string, string>[])[forwarding, forwardingWithFrontEnd, proxying])
            {
                var answer = await host.Post(target, ProbeHost.MessageEnvelope("forged"), headers);
                Assert.True(answer.Status is 400 or 404 or 405, $"{target} answered {answer.Status}");
            }
        }

        Assert.Empty(host.Journal.Calls);
    }

    [Fact]
    public async Task Only_the_exact_spelling_of_a_name_counts_even_in_a_call_that_looks_like_the_hosts()
    {
        await using var host = await ProbeHost.Start();
        var others = s_targets.Skip(1).Select(template => string.Format(template, "TakeMessage"))
            .Concat(["/takemessage", "/%54akeMessage", $"http://127.0.0.1:{host.Address.Port}/TakeMessage"]);

        foreach (var target in others)
        {
            var answer = await host.Post(target, ProbeHost.MessageEnvelope("forged"));
            Assert.True(answer.Status is 400 or 404 or 405, $"{target} answered {answer.Status}");
        }

        Assert.Empty(host.Journal.Calls);
    }
}
