using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Security.ApiKeys;

/// <summary>By which a presented key is found before its tenant is known: under the key's first 22 characters, with its keyed hash.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record ApiKeyLookupRow(Guid Id, TenantId Tenant, byte[] Hash, IReadOnlyList<string> Scopes, DateTimeOffset? RevokedAt)
    : IRow<ApiKeyLookupRow>
{
    /// <summary>What binds all the others (<see cref="ApiKeyHasher.Bind"/>); empty where it is not all there any more.</summary>
    public byte[] Mac { get; init; } = [];

    public static string Table => ApiKeyRow.Table;

    public string RowKey => Uuid7.ToKey(Id);

    public static ApiKeyLookupRow FromColumns(string rowKey, Columns columns) => new(
        Uuid7.FromKey(rowKey),
        new TenantId(columns.Id("tenant")),
        columns.Bytes("hash"),
        columns.Text("scopes").Split(' '),
        columns.TimeOrNull("revoked_at"))
    {
        Mac = columns.Bytes("mac"),
    };

    public Columns ToColumns() => new Columns()
        .Set("tenant", Tenant.Value)
        .SetBytes("hash", Hash)
        .Set("scopes", string.Join(' ', Scopes))
        .Set("revoked_at", RevokedAt)
        .SetBytes("mac", Mac);
}
