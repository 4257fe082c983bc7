using Vorel.Core.Crm;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Storage.Gate;

public sealed class RowGateTests
{
    private static readonly RecordKind s_lead = Kind(new SampleLeadRow());
    private static readonly RecordKind s_debtless = Kind(new SampleDebtlessRow());
    private static readonly RecordKind s_lasting = Kind(new SampleLastingRow());

    [Fact]
    public void The_product_breaks_no_rule()
    {
        var rows = RowGate.RowsOf(typeof(RecordRow).Assembly);
        Assert.InRange(rows.Count, 24, 100);
        var adr = File.ReadAllText(RepositoryFolder.PathOf("docs", "adr", "0003-data-classes.md"));
        Assert.Empty(new RowGate(adr, rows, RecordKinds.All, [RecordKinds.Offering]).Violations());
    }

    [Fact]
    public void Every_kind_of_record_is_looked_at()
    {
        var kinds = typeof(RecordKinds).GetProperties().Where(property => property.PropertyType == typeof(RecordKind)).Select(property => (RecordKind)property.GetValue(null)!);
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), RecordKinds.All.Append(RecordKinds.Offering).Select(kind => kind.Name).Order());
    }

    [Fact]
    public void Samples_that_keep_the_rules_are_let_through() =>
        Assert.Empty(Gate("| SampleLeadRow | c | 30 | |\n| SampleStateRow | a | 1 | |\n", [typeof(SampleLeadRow), typeof(SampleStateRow)], [s_lead]));

    [Fact]
    public void A_row_type_without_a_class_is_told() =>
        AssertOnly("SampleBareRow has no class.", Gate("| SampleBareRow | a | 1 | |", [typeof(SampleBareRow)]));

    [Fact]
    public void A_row_type_that_is_not_in_the_ADR_is_told() =>
        AssertOnly("SampleStateRow is not in the ADR.", Gate("nothing is decided", [typeof(SampleStateRow)]));

    [Theory]
    [InlineData("| SampleStateRow | a | 2 | |", "SampleStateRow declares a 1, the ADR says a 2.")]
    [InlineData("| SampleStateRow | b | 1 | |", "SampleStateRow declares a 1, the ADR says b 1.")]
    [InlineData("| SampleStateRow | a | 1 | copy |", "SampleStateRow declares a 1, the ADR says a 1 copy.")]
    [InlineData("| SampleStateRow | a | 1 | |\n| SampleGoneRow | c | 7 | |", "The ADR has SampleGoneRow, which is no row type.")]
    public void An_ADR_that_says_something_else_is_told(string adr, string sentence) => AssertOnly(sentence, Gate(adr, [typeof(SampleStateRow)]));

    [Fact]
    public void A_class_that_another_ADR_decides_is_told() =>
        AssertOnly("SampleElsewhereRow names ADR 0099, which locks no window.", Gate("| SampleElsewhereRow | a | 1 | |", [typeof(SampleElsewhereRow)]));

    [Fact]
    public void Customer_content_that_is_neither_a_record_nor_a_copy_is_told() => AssertOnly(
        "SampleContentRow is customer content, but neither of a kind that is mirrored nor a copy.", Gate("| SampleContentRow | c | 30 | |", [typeof(SampleContentRow)]));

    [Fact]
    public void A_record_of_customer_content_that_is_no_kind_to_mirror_is_told() => Assert.Equal(
        ["SampleLeadRow is customer content, but neither of a kind that is mirrored nor a copy.", "sample is customer content, but not mirrored."],
        Gate("| SampleLeadRow | c | 30 | |", [typeof(SampleLeadRow)], others: [s_lead]));

    [Fact]
    public void A_copy_that_is_kept_for_ever_is_told() =>
        AssertOnly("SampleEternalRow is customer content without a window.", Gate("| SampleEternalRow | c | 0 | copy |", [typeof(SampleEternalRow)]));

    [Fact]
    public void A_copy_of_no_content_is_told() =>
        AssertOnly("SampleCopyRow is a copy, but not of customer content.", Gate("| SampleCopyRow | b | 30 | copy |", [typeof(SampleCopyRow)]));

    [Fact]
    public void A_record_whose_insert_leaves_no_debt_is_told() =>
        AssertOnly("sample is mirrored, but its insert leaves no debt to the CRM.", Gate("| SampleDebtlessRow | c | 30 | |", [typeof(SampleDebtlessRow)], [s_debtless]));

    [Fact]
    public void A_record_that_is_nothing_in_a_CRM_is_told() => AssertOnly(
        "sample is mirrored, but nothing in a CRM.", Gate("| SampleLeadRow | c | 30 | |", [typeof(SampleLeadRow)], [Kind(new SampleLeadRow(), crm: null)]));

    [Fact]
    public void A_record_that_lives_longer_than_it_declares_is_told() => AssertOnly(
        "sample does not end 30 days after insert and CRM success.", Gate("| SampleLastingRow | c | 30 | |", [typeof(SampleLastingRow)], [s_lasting]));

    [Fact]
    public void A_kind_that_is_mirrored_and_declared_as_kept_is_told() => AssertOnly(
        "sample is mirrored, but SampleKeptRow is not declared as customer content.",
        Gate("| SampleKeptRow | d | 0 | |", [typeof(SampleKeptRow)], [Kind(new SampleKeptRow())]));

    [Theory]
    [InlineData(FieldType.Phone, null, "sample is not mirrored, but its field whose is a customer's.")]
    [InlineData(FieldType.Email, null, "sample is not mirrored, but its field whose is a customer's.")]
    [InlineData(FieldType.Reference, "customer", "sample is not mirrored, but its field whose points to a record that is.")]
    public void A_kind_that_is_kept_and_holds_a_customers_field_is_told(FieldType type, string? refers, string sentence)
    {
        var kind = new RecordKind("sample", new SampleKeptRow(), [new RecordField("whose", type) { Refers = refers }]) { CrmObject = null };
        AssertOnly(sentence, Gate("| SampleKeptRow | d | 0 | |", [typeof(SampleKeptRow)], others: [kind]));
    }

    private static void AssertOnly(string sentence, IReadOnlyList<string> violations) => Assert.Equal([sentence], violations);

    private static IReadOnlyList<string> Gate(string adr, Type[] rows, RecordKind[]? mirrored = null, RecordKind[]? others = null) =>
        new RowGate(adr, rows, mirrored ?? [], others ?? []).Violations();

    private static RecordKind Kind(RecordRow empty, CrmObject? crm = CrmObject.Lead) => new("sample", empty, []) { CrmObject = crm };

    [DataClass(DataClass.CustomerContent, 30, "0003")]
    private sealed record SampleLeadRow : RecordRow
    {
        public override RecordKind Kind => s_lead;
    }

    [DataClass(DataClass.CustomerContent, 30, "0003")]
    private sealed record SampleDebtlessRow : RecordRow
    {
        public override RecordKind Kind => s_debtless;

        internal override TodoRow? Debt => null;
    }

    [DataClass(DataClass.CustomerContent, 30, "0003")]
    private sealed record SampleLastingRow : RecordRow
    {
        public override RecordKind Kind => s_lasting;

        protected override DateTimeOffset EndOf(DateTimeOffset start) => start.AddDays(31);
    }

    [DataClass(DataClass.Configuration, 0, "0003")]
    private sealed record SampleKeptRow : RecordRow
    {
        public override RecordKind Kind => s_lead;
    }

    private sealed record SampleBareRow;

    [DataClass(DataClass.InFlight, 1, "0003")]
    private sealed record SampleStateRow;

    [DataClass(DataClass.InFlight, 1, "0099")]
    private sealed record SampleElsewhereRow;

    [DataClass(DataClass.CustomerContent, 30, "0003")]
    private sealed record SampleContentRow;

    [DataClass(DataClass.CustomerContent, 0, "0003", Copy = true)]
    private sealed record SampleEternalRow;

    [DataClass(DataClass.Telemetry, 30, "0003", Copy = true)]
    private sealed record SampleCopyRow;
}
