using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Queries and cursors: what is not known, stands twice, or is no page of this very list is 400.</summary>
[Trait("Area", "hostile")]
public sealed class QueryAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    public static TheoryData<string> Queries =>
    [
        "limit", "limit=", "limit=0", "limit=-0", "limit=-1", "limit=101", "limit=1e1", "limit=1e3", "limit=1.0", "limit=0x10", "limit=%2B5", "limit=%205", "limit=5%20", "limit=5%00", "limit=5%0A", "limit=5,5", "limit=5;", "limit=null",
        "limit=99999999999999999999", "limit=2147483648", "limit=%D9%A5", "limit=%EF%BC%95", "limit=%C2%B2", "limit=5&limit=5", "limit=5&LIMIT=5", "Limit=5", "limit[]=5", "limit%5B0%5D=5", "limit=5&limit[]=5", "limit=%25",
        "$filter=PartitionKey%20ne%20'x'", "$top=1000", "filter=x", "offset=1", "page=1", "order=asc", "select=*", "fields=notes", "include=neighbour", "tenant=x", "tenant_id=x", "debug=1", "code=x", "access_token=x", "_method=DELETE",
        "=1", "&&=", "%00=1", "%0D%0ASet-Cookie:a=b", "?limit=5", "limit=5?cursor=x", "callback=alert", "%ff=1", "x=%c3%28", "x=c4n4ry-7f3a9",
    ];

    public static TheoryData<string> Cursors =>
    [
        "", "x", "0", "null", "undefined", "../../x", "' or PartitionKey ne '", "x' or PartitionKey ne '", "x') or (PartitionKey ne '", "%27%20or%201%20eq%201", "lead|", "lead|0", "ix|lead|", "{own}'", "{own} ", " {own}", "{own}\0", "{own}\r\n",
        "{OWN}", "{plain}", "{{own}}", "({own})", "urn:uuid:{own}", "{own},{own}", "{conversation}", "{neighbour}", "{tenant}", "{long}", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff", "018f0000-0000-7000-8000-000000000000",
        "\uFF10\uFF11", "👩‍💻", "c4n4ry-7f3a9", "\u001b[31m", "\u202E",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_that_is_not_known_in_one_meaning_is_400_on_every_list(string query)
    {
        var api = await s_api;
        foreach (var (list, client) in Lists(api))
        {
            await api.AssertRefused(400, "validation_error", () => client.Get($"{list}?{query}"), $"{list}?{query}");
        }
    }

    [Theory]
    [MemberData(nameof(Cursors))]
    public async Task A_cursor_that_no_page_of_this_very_list_named_is_400(string cursor)
    {
        var api = await s_api;
        var own = api.Own;
        foreach (var (list, client) in Lists(api))
        {
            var sent = cursor.Replace("{own}", own.Lead, StringComparison.Ordinal).Replace("{OWN}", own.Lead.ToUpperInvariant(), StringComparison.Ordinal)
                .Replace("{plain}", own.Lead.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal)
                .Replace("{conversation}", list.EndsWith("leads", StringComparison.Ordinal) ? own.Conversation : own.Lead, StringComparison.Ordinal)
                .Replace("{neighbour}", list.EndsWith("leads", StringComparison.Ordinal) ? api.Neighbour.Lead : api.Neighbour.Conversation, StringComparison.Ordinal)
                .Replace("{tenant}", own.Tenant, StringComparison.Ordinal).Replace("{long}", new string('a', 7_000), StringComparison.Ordinal);
            await api.AssertRefused(400, "validation_error", () => client.Get($"{list}?cursor={Uri.EscapeDataString(sent)}"), list);
        }
    }

    [Fact]
    public async Task A_cursor_stands_once()
    {
        var api = await s_api;

        Assert.Equal(200, (await api.Own.Client.Get($"/v1/leads?cursor={api.Own.Lead}")).Status);
        await api.AssertRefused(400, "validation_error", () => api.Own.Client.Get($"/v1/leads?cursor={api.Own.Lead}&cursor={api.Own.Lead}"));
    }

    [Fact]
    public async Task Calls_that_take_no_query_refuse_any()
    {
        var api = await s_api;
        var reads = (string[])[api.Own.LeadPath, api.Own.ConversationPath];
        foreach (var path in reads)
        {
            await api.AssertRefused(400, "validation_error", () => api.Own.Client.Get(path + "?limit=5"), path);
        }

        foreach (var (method, path, client) in api.BodyRoutes)
        {
            await api.AssertRefused(400, "validation_error", () => client.Send(method, path + "?dry_run=true", new StringContent("{}")), $"{method} {path}");
        }
    }

    private static IEnumerable<(string List, ApiClient Client)> Lists(HostileApi api) =>
    [
        ("/v1/leads", api.Own.Client),
        ("/v1/conversations", api.Own.Client),
        ($"/api/tenant/{api.Own.Tenant}/deliveries", api.Api.Operator),
        ($"/api/tenant/{api.Own.Tenant}/incidents", api.Api.Operator),
    ];
}
