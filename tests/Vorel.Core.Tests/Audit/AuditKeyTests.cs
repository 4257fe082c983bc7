using Vorel.Core.Audit;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Security;

namespace Vorel.Core.Tests.Audit;

public sealed class AuditKeyTests
{
    private static readonly Columns s_columns = new Columns()
        .Set("format", 1)
        .Set("id", Guid.Parse("019b8d62-7a80-7f81-9f17-adbbc204a886"))
        .Set("action", "crm.connected")
        .Set("made_at", new DateTimeOffset(2026, 1, 6, 2, 0, 0, TimeSpan.Zero))
        .Set("previous_mac", TestSecrets.Counting(32, 0x20));

    /// <summary>The answer is of Node's crypto (known-answers.mjs).</summary>
    [Fact]
    public void The_MAC_of_a_row_is_that_of_the_known_answer() => Assert.Equal(
        "8a01dc61f8cd5140b178880c48727edd9d30ef94e368cda0255efae97aeb8ad1",
        Convert.ToHexStringLower(new AuditKey(TestSecrets.Root()).Mac(TestSecrets.Tenant, "2026-01|fe64729d857f807e60e852443dfb5779", s_columns.Values)));

    [Fact]
    public void A_row_fits_its_own_tenant_key_and_root_alone()
    {
        var key = new AuditKey(TestSecrets.Root());
        var row = new Row("k", "1", new Dictionary<string, object>(s_columns.Values) { ["mac"] = key.Mac(TestSecrets.Tenant, "k", s_columns.Values) });
        Assert.True(key.Fits(TestSecrets.Tenant, row));
        Assert.False(key.Fits(TestSecrets.OtherTenant, row));
        Assert.False(key.Fits(TestSecrets.Tenant, row with { Key = "l" }));
        Assert.False(new AuditKey(TestSecrets.Root(1)).Fits(TestSecrets.Tenant, row));
        Assert.False(key.Fits(TestSecrets.Tenant, row with { Columns = s_columns.Values }));
        Assert.False(key.Fits(TestSecrets.Tenant, row with { Columns = new Dictionary<string, object>(row.Columns) { ["action"] = "\ud800" } }));
    }

    [Theory]
    [InlineData("2026-1")]
    [InlineData("2026-13")]
    [InlineData("26-01")]
    [InlineData("2026-01 ")]
    [InlineData("")]
    [InlineData(null)]
    public void A_text_that_is_no_month_is_none(string? text) => Assert.False(AuditKeys.TryParseMonth(text, out _));

    [Fact]
    public void A_day_is_the_range_of_its_ids_and_of_no_others()
    {
        var day = new DateOnly(2026, 1, 5);
        var range = AuditKeys.RangeOf(day);
        var (first, last) = (AuditKeys.StartOf(day), AuditKeys.StartOf(day.AddDays(1)).AddMilliseconds(-1));
        Assert.True(Holds(first) && Holds(last));
        Assert.False(Holds(first.AddMilliseconds(-1)) || Holds(last.AddMilliseconds(1)));

        bool Holds(DateTimeOffset at) => Enumerable.Range(0, 50).Select(_ => AuditKeys.Of(Guid.CreateVersion7(at)))
            .All(key => string.CompareOrdinal(range.From, key) <= 0 && string.CompareOrdinal(key, range.To) < 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("AZuNYnqAf4GfF627wgSohg")]
    public void A_cursor_of_another_month_or_of_no_form_is_refused(string text) => Assert.False(AuditCursor.TryParse(text, "2026-02", out _));
}
