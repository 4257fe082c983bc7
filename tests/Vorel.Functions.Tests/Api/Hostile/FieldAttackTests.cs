using System.Text.Json.Nodes;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>What customers are called and how they write their numbers: kept letter by letter, or refused for its length; never changed.</summary>
[Trait("Area", "hostile")]
public sealed class FieldAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    public static TheoryData<string, string> Kept => new()
    {
        { "phone", "+1 (415) ٥٥٥-0100" },
        { "phone", "0014155550100" },
        { "phone", "+14155550100;ext=12" },
        { "phone", "1-800-FLOWERS" },
        { "phone", "＋１４１５" },
        { "phone", "=HYPERLINK(\"http://x\")" },
        { "name", "\u202Eada\u202C" },
        { "name", "A\u200Bda" },
        { "name", "Jos\u00E9" },
        { "name", "Jose\u0301" },
        { "name", "👩\u200D💻 " },
        { "name", "Z\u0351\u036B\u0343a\u0325\u0353l\u0325\u035Dg\u0324o" },
        { "name", "O'Brien\\\"; DROP TABLE Leads;--" },
        { "name", "<img src=x onerror=alert(1)>" },
        { "name", "${jndi:ldap://x}" },
        { "name", "@SUM(1+1)*cmd|' /C calc'!A0" },
        { "name", "\uFDFA\uFFFD\uFFFF" },
        { "name", "%27%20or%201%3D1" },
        { "name", "Ada\r\nBcc: eve@example.com" },
        { "intent", "null" },
        { "email", "josé@exämple.com" },
    };

    public static TheoryData<string, int> TooLong => new() { { "name", 201 }, { "phone", 33 }, { "intent", 41 }, { "timeline", 41 }, { "source", 41 } };

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task A_field_comes_back_letter_by_letter(string field, string value)
    {
        var api = await s_api;

        var changed = await api.Own.Client.Patch(api.Own.LeadPath, new JsonObject { [field] = value }.ToJsonString());

        Assert.Equal((200, value), (changed.Status, changed.Text(field)));
        Assert.Equal(value, (await api.Own.Client.Get(api.Own.LeadPath)).Text(field));
        Assert.DoesNotContain(api.Log.Printed, line => line.Contains(value, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TooLong))]
    public async Task A_field_is_counted_in_characters_as_people_count_code_points(string field, int length)
    {
        var api = await s_api;
        var fits = string.Concat(Enumerable.Repeat("😀", length - 1));

        Assert.Equal(200, (await api.Own.Client.Patch(api.Own.LeadPath, new JsonObject { [field] = fits }.ToJsonString())).Status);
        await api.AssertRefused(400, "validation_error", () => api.Own.Client.Patch(api.Own.LeadPath, new JsonObject { [field] = fits + "😀" }.ToJsonString()));
    }

    [Fact]
    public async Task Identifiers_that_differ_in_case_unicode_form_or_invisibly_are_different_customers()
    {
        var api = await s_api;
        string[] twins = ["jos\u00E9@example.com", "jose\u0301@example.com", "Jos\u00E9@example.com", "jos\u00E9@example.com ", "jos\u200B\u00E9@example.com"];

        var ids = new HashSet<string>();
        foreach (var twin in twins)
        {
            var made = await api.Own.Client.Post("/v1/conversations", new JsonObject { ["channel"] = "email", ["customer_identifier"] = twin }.ToJsonString());
            Assert.Equal((201, twin), (made.Status, made.Text("customer_identifier")));
            Assert.True(ids.Add(made.Text("id")));
        }

        await api.AssertRefused(
            409, "conflict", () => api.Own.Client.Post("/v1/conversations", new JsonObject { ["channel"] = "email", ["customer_identifier"] = twins[0] }.ToJsonString()));
    }

    [Theory]
    [InlineData("If-Match", "\"1\"")]
    [InlineData("If-Match", "*")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")]
    public async Task A_change_that_is_tied_to_a_version_is_412_and_is_not_made(string header, string value)
    {
        var api = await s_api;
        foreach (var (method, path, _) in api.BodyRoutes.Take(4))
        {
            await api.AssertRefusedRaw(412, "precondition_failed", System.Text.Encoding.UTF8.GetBytes(
                api.Own.Head($"{method} {path}") + $"Connection: close\r\n{header}: {value}\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{{\"name\":\"Eve\"}}"));
        }
    }
}
