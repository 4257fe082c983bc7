using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>What a day's chains came to, written once when it is over: nothing of it can be taken away unseen any more.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="Heads">The last row of each chain that has rows of the day.</param>
/// <param name="Previous">The MAC of the seal of the day before; null in the tenant's first.</param>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record AuditSealRow(DateOnly Day, DateTimeOffset MadeAt, IReadOnlyList<AuditHead> Heads, byte[]? Previous) : IRow<AuditSealRow>
{
    private const long Format = 1;

    public byte[]? Mac { get; init; }

    public static string Table => AuditRow.Table;

    public string RowKey => AuditKeys.SealOf(Day);

    public static AuditSealRow FromColumns(string rowKey, Columns columns) => new(
        AuditKeys.SealedDay(rowKey) ?? throw new InvalidDataException("The row's key names no day."),
        columns.Time("made_at"),
        AuditHeads.Read(columns.Bytes("heads")),
        columns.Values.ContainsKey("previous") ? columns.Binary("previous") : null)
    {
        Mac = columns.Binary(AuditKey.Column),
    };

    public Columns ToColumns() => new Columns()
        .Set("format", Format)
        .Set("made_at", MadeAt)
        .SetBytes("heads", AuditHeads.Write(Heads))
        .Set("previous", Previous)
        .Set(AuditKey.Column, Mac);

    /// <summary>This row with its MAC.</summary>
    public AuditSealRow Bind(AuditKey key, TenantId tenant) => this with { Mac = key.Mac(tenant, RowKey, (this with { Mac = null }).ToColumns().Values) };
}
