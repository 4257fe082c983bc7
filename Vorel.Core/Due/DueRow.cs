using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Due;

/// <summary>A hint that something is due: inserted before what it points to, so never proof that it exists.</summary>
[DataClass(DataClass.InFlight, 1, "0003")]
internal sealed record DueRow(TenantId Tenant, string Kind, string Id, DateTimeOffset DueAt) : IRow<DueRow>
{
    /// <summary>Until when, by the real clock, what it points to may yet come to be there: a commit that nobody heard of. Null where somebody else brings it again.</summary>
    public DateTimeOffset? ComesUntil { get; init; }

    public static string Table => nameof(HintTable.Due);

    public string RowKey => $"{Tenant}|{Kind}|{Id}";

    public static DueRow FromColumns(string rowKey, Columns columns) =>
        new(new TenantId(columns.Id("tenant")), columns.Text("kind"), columns.Text("id"), columns.Time("due_at")) { ComesUntil = columns.TimeOrNull("comes_until") };

    public Columns ToColumns() => new Columns().Set("tenant", Tenant.Value).Set("kind", Kind).Set("id", Id).Set("due_at", DueAt).Set("comes_until", ComesUntil);
}
