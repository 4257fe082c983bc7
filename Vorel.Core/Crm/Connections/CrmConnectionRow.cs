using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Connections;

/// <summary>The CRM a tenant has connected (one at a time) and the credentials for it, sealed.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record CrmConnectionRow(string Provider, Guid Credential, byte[] SealedCredentials, DateTimeOffset ConnectedAt) : IRow<CrmConnectionRow>
{
    public const string Key = "crm";

    public static string Table => "TenantCredentials";

    public string RowKey => Key;

    public CrmConnectionStatus Status { get; init; }

    public static CrmConnectionRow FromColumns(string rowKey, Columns columns) =>
        new(columns.Text("provider"), columns.Id("credential"), columns.Bytes("sealed"), columns.Time("connected_at"))
        {
            Status = columns.Text("status") == "active" ? CrmConnectionStatus.Active : CrmConnectionStatus.Pending,
        };

    public CrmConnection ToConnection() => new(Provider, Status, ConnectedAt) { Id = Credential };

    public Columns ToColumns() => new Columns()
        .Set("provider", Provider)
        .Set("credential", Credential)
        .Set("status", Status == CrmConnectionStatus.Active ? "active" : "pending")
        .Set("connected_at", ConnectedAt)
        .SetBytes("sealed", SealedCredentials);
}
