using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Connections;

/// <summary>The CRM or the archive that a tenant has connected (one of each) and the credentials for it, sealed.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record CrmConnectionRow(
    CrmRole Role, string Provider, string System, Guid Credential, byte[] SealedCredentials, DateTimeOffset ConnectedAt) : IRow<CrmConnectionRow>
{
    private const string MainKey = "crm";
    private const string ArchiveKey = "crm.archive";

    public static string Table => "TenantCredentials";

    public string RowKey => KeyOf(Role);

    public CrmConnectionStatus Status { get; init; }

    public static string KeyOf(CrmRole role) => role == CrmRole.Archive ? ArchiveKey : MainKey;

    public static CrmConnectionRow FromColumns(string rowKey, Columns columns) =>
        new(
            rowKey == ArchiveKey ? CrmRole.Archive : CrmRole.Main,
            columns.Text("provider"),
            // A row from before there was the column leads to the system that records of then name: none.
            columns.TextOrNull("system") ?? "",
            columns.Id("credential"),
            columns.Bytes("sealed"),
            columns.Time("connected_at"))
        {
            Status = columns.Text("status") == "active" ? CrmConnectionStatus.Active : CrmConnectionStatus.Pending,
        };

    public CrmConnection ToConnection() => new(Provider, System, Status, ConnectedAt) { Id = Credential };

    public Columns ToColumns() => new Columns()
        .Set("provider", Provider)
        .Set("system", System)
        .Set("credential", Credential)
        .Set("status", Status == CrmConnectionStatus.Active ? "active" : "pending")
        .Set("connected_at", ConnectedAt)
        .SetBytes("sealed", SealedCredentials);
}
