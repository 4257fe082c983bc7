using System.Text;
using System.Text.Json.Nodes;
using Vorel.Core.Webhooks;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Secrets that callers bring, and webhooks that come back to us.</summary>
[Trait("Area", "hostile")]
public sealed class SecretAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    /// <summary>Secrets of a CRM connection, as JSON.</summary>
    public static TheoryData<string> BadSecrets { get; } = new(
        "\"\"",
        "\"" + HostileApi.Canary + "\"",
        Text(23),
        Text(201),
        Text(100_000),
        "\"                        \"",
        "\"c4n4ry-7f3a9 c4n4ry-7f3a9\"",
        "\" c4n4ry-7f3a9-c4n4ry-7f3a9\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\n\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\r\\nX-Evil: 1\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\u0000\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\u001b[31m\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\u007f\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\u00e9\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\u200b\"",
        "\"c4n4ry-7f3a9-c4n4ry-7f3a9\\ud83d\\ude00\"",
        "\"\\uff43\\uff14\\uff4e\\uff14\\uff52\\uff59\\uff43\\uff14\\uff4e\\uff14\\uff52\\uff59\\uff43\\uff14\\uff4e\\uff14\\uff52\\uff59\\uff43\\uff14\\uff4e\\uff14\\uff52\\uff59\"",
        "123456789012345678901234",
        "true",
        "[\"c4n4ry-7f3a9-c4n4ry-7f3a9\"]",
        "{\"value\":\"c4n4ry-7f3a9-c4n4ry-7f3a9\"}");

    [Theory]
    [MemberData(nameof(BadSecrets))]
    public async Task A_secret_that_is_short_or_holds_anything_but_visible_ascii_is_400_and_not_repeated(string secret)
    {
        var api = await s_api;

        var answer = await api.AssertRefused(400, "validation_error", () => api.Api.Operator.Put(
            $"/api/tenant/{api.Own.Tenant}/crm", $$"""{"provider":"custom_webhook","url":"https://crm.example.com/in","secret":{{secret}}}"""));

        Assert.Equal(["/secret"], answer.Json["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("signing_secret")]
    [InlineData("secret_prefix")]
    public async Task A_subscription_takes_no_secret_from_its_maker(string name)
    {
        var api = await s_api;

        var answer = await api.AssertRefused(400, "validation_error", () => api.Api.Operator.Post(
            $"/api/tenant/{api.Own.Tenant}/webhook-subscriptions",
            $$"""{"target_url":"https://hooks.example.com/","events":["lead.created"],"{{name}}":"whsec_{{HostileApi.Canary}}-{{HostileApi.Canary}}"}"""));

        Assert.Equal(["/" + name], answer.Json["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_webhook_that_comes_back_to_us_is_nobodys_call_so_nothing_feeds_on_itself()
    {
        var api = await s_api;
        foreach (var path in new[] { "/v1/leads", "/v1/conversations", "/api/tenant", $"/api/tenant/{api.Own.Tenant}/webhook-subscriptions", $"/v1/leads?key={api.Own.Key}" })
        {
            await api.AssertRefused(
                401,
                "auth_error",
                () =>
                {
                    var body = Encoding.UTF8.GetBytes(new JsonObject { ["id"] = Guid.CreateVersion7().ToString("D"), ["event"] = "lead.created", ["data"] = HostileApi.Canary }.ToJsonString());
                    var content = new ByteArrayContent(body);
                    content.Headers.ContentType = new("application/json");
                    content.Headers.Add(WebhookSignature.HeaderName, WebhookSignature.Sign("whsec_x", body));
                    return api.Api.As(null).Send(HttpMethod.Post, path, content);
                },
                path);
        }

        Assert.DoesNotContain(api.Log.Printed, line => line.Contains(api.Own.Key, StringComparison.OrdinalIgnoreCase));
    }

    private static string Text(int length) => "\"" + string.Concat(Enumerable.Repeat(HostileApi.Canary, (length / HostileApi.Canary.Length) + 1))[..length] + "\"";
}
