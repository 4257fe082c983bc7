using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Http;

/// <summary>Which functions have a route, and what the host says of those that have none.</summary>
public sealed class FunctionRoutesTests : IAsyncLifetime
{
    private readonly TestApp _published = new TestApp()
        .Http("Open", "open/{id:regex(^\\\\d+$)}").Http("Named", "").Http("Off", "off").Http("Second", "off").Http("Even", "even/{id:even}");

    private readonly RawHandler _handler = new();
    private TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _published.Settings["AzureWebJobs.Off.Disabled"] = "true";
        _host = await TestHost.Start(_published, _handler);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _handler.DisposeAsync();
        _published.Dispose();
    }

    [Theory]
    [InlineData("/open/7", 200)]
    [InlineData("/open/seven", 404)]
    [InlineData("/Named", 200)]
    [InlineData("/off", 404)]
    [InlineData("/even/2", 404)]
    public async Task A_function_that_is_switched_off_or_did_not_load_is_not_found_and_the_others_answer(string path, int expected)
    {
        using var answer = await _host.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal(expected == 200 ? 1 : 0, _handler.Requests.Count);
    }

    [Fact]
    public async Task The_master_key_calls_a_function_that_is_switched_off()
    {
        using var answer = await _host.Admin.GetAsync(new Uri("/off", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_admin_api_and_the_log_say_what_became_of_each()
    {
        var listed = await Json("/admin/functions");
        Assert.Equal(
            [("Named", false), ("Off", true), ("Open", false)],
            listed.EnumerateArray().Select(function => (function.GetProperty("name").GetString(), function.GetProperty("is_disabled").GetBoolean())));
        Assert.Contains("no constraint 'even'", (await Json("/admin/functions/Even/status")).GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await Json("/admin/functions/open/status")).GetProperty("errors").GetArrayLength());
        Assert.True(_host.Log.Has(LogLevel.Error, "Even is not loaded: The route 'even/{id:even}' cannot be used"));
        Assert.True(_host.Log.Has(LogLevel.Error, "Second is not loaded: The route 'off'"));
        using var nobody = await _host.Admin.GetAsync(new Uri("/admin/functions/Nobody/status", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }

    private async Task<JsonElement> Json(string path) => JsonSerializer.Deserialize<JsonElement>(await _host.Admin.GetStringAsync(new Uri(path, UriKind.Relative)));
}
