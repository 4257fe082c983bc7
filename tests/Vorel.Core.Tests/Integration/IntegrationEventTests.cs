using System.Text;
using Vorel.Core.Integration;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Integration;

public sealed class IntegrationEventTests
{
    private static readonly IntegrationEvent s_event = new(
        "01a1fdd2-0000-7000-8000-000000000001:closed",
        IntegrationEventTypes.IncidentClosed,
        new TenantId(Guid.Parse("01a1fdd2-0000-7000-8000-000000000002")),
        "01a1fdd2-0000-7000-8000-000000000001",
        new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_body_is_the_agreed_one_whatever_the_order_of_its_parts()
    {
        const string Body =
            """{"v":1,"id":"01a1fdd2-0000-7000-8000-000000000001:closed","type":"incident.closed","tenant":"01a1fdd2-0000-7000-8000-000000000002","occurred_at":"2026-01-05T09:00:00.000Z","data":{"subject":"01a1fdd2-0000-7000-8000-000000000001","incident_type":"crm_sync_failure","resolution":"redriven","records":3}}""";
        Dictionary<string, string> codes = new(StringComparer.Ordinal) { ["resolution"] = "redriven", ["incident_type"] = "crm_sync_failure" };
        Dictionary<string, long> counts = new(StringComparer.Ordinal) { ["records"] = 3 };

        Assert.Equal(Body, Encoding.UTF8.GetString((s_event with { Codes = codes, Counts = counts }).ToJson()));
        Assert.Equal(Body, Encoding.UTF8.GetString((s_event with { Codes = codes.Reverse().ToDictionary(StringComparer.Ordinal), Counts = counts }).ToJson()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ada Example")]
    [InlineData("ada@example.com")]
    [InlineData("+14155550100")]
    [InlineData("größe")]
    [InlineData("a\nb")]
    [InlineData("https://example.com")]
    public void What_is_no_id_and_no_code_does_not_get_into_an_event(string content)
    {
        IntegrationEvent[] events =
        [
            s_event with { Id = content },
            s_event with { Type = content },
            s_event with { Subject = content },
            s_event with { Codes = new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = content } },
            s_event with { Codes = new Dictionary<string, string>(StringComparer.Ordinal) { [content] = "code" } },
            s_event with { Counts = new Dictionary<string, long>(StringComparer.Ordinal) { [content] = 1 } },
        ];

        Assert.All(events, held =>
        {
            var refused = Assert.Throws<ArgumentException>(held.ToJson);
            Assert.True(content.Length == 0 || !refused.Message.Contains(content, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void An_id_has_at_most_128_letters()
    {
        Assert.NotEmpty((s_event with { Id = new string('i', 128) }).ToJson());
        Assert.Throws<ArgumentException>(() => (s_event with { Id = new string('i', 129) }).ToJson());
    }

    [Theory]
    [InlineData("subject")]
    [InlineData("both")]
    public void Two_parts_of_one_name_are_refused(string name)
    {
        var held = s_event with
        {
            Codes = new Dictionary<string, string>(StringComparer.Ordinal) { ["both"] = "code" },
            Counts = new Dictionary<string, long>(StringComparer.Ordinal) { [name] = 1 },
        };

        Assert.Throws<InvalidOperationException>(held.ToJson);
    }
}
