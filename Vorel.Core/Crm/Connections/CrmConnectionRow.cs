using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Connections;

/// <summary>Which credential a tenant's CRM, or archive, is called with (one of each). It is there exactly as long as there is an active one.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record CrmConnectionRow(CrmRole Role, string Provider, string System, Guid Credential, DateTimeOffset ConnectedAt) : IRow<CrmConnectionRow>
{
    private const string MainKey = "crm";
    private const string ArchiveKey = "crm.archive";

    public static string Table => "TenantCredentials";

    public string RowKey => KeyOf(Role);

    public static string KeyOf(CrmRole role) => role == CrmRole.Archive ? ArchiveKey : MainKey;

    public static CrmConnectionRow FromColumns(string rowKey, Columns columns) =>
        new(
            rowKey == ArchiveKey ? CrmRole.Archive : CrmRole.Main,
            columns.Text("provider"),
            // A row from before there was the column leads to the system that records of then name: none.
            columns.TextOrNull("system") ?? "",
            columns.Id("credential"),
            columns.Time("connected_at"));

    public CrmConnection ToConnection() => new(Provider, System, ConnectedAt) { Id = Credential };

    public Columns ToColumns() => new Columns()
        .Set("provider", Provider)
        .Set("system", System)
        .Set("credential", Credential)
        .Set("connected_at", ConnectedAt);
}
