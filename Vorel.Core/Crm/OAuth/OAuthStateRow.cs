using System.Globalization;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.OAuth;

/// <summary>
/// A step of somebody's way to a provider and back that may be taken once: the link that an operator gave out, or the state that the provider sends
/// back. It is found by the digest of what is shown, so that what is stored opens nothing.
/// </summary>
/// <param name="SignIn">Names the whole way in the audit log; it is no secret and opens nothing.</param>
/// <param name="Digest">Of the ticket or the state, by its purpose.</param>
/// <param name="Tenant">For whom.</param>
/// <param name="Role">As what.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Actor">Who made the link.</param>
/// <param name="ExpiresAt">When it is over, by the real clock.</param>
[DataClass(DataClass.InFlight, 1, "0003")]
internal sealed record OAuthStateRow(
    Guid SignIn, byte[] Digest, TenantId Tenant, CrmRole Role, string Provider, AuditActor Actor, DateTimeOffset ExpiresAt) : IRow<OAuthStateRow>
{
    /// <summary>What the names of the tables start with: one for each day, dropped whole.</summary>
    public const string Family = "OAuthStates";

    public const string Key = "state";

    /// <summary>The chosen environment, where there are several.</summary>
    public string? Environment { get; init; }

    /// <summary>The digest of the cookie of the browser that may come back; empty for a link.</summary>
    public byte[] Browser { get; init; } = [];

    /// <summary>The PKCE verifier, sealed; empty where there is none.</summary>
    public byte[] SealedVerifier { get; init; } = [];

    static string IRow<OAuthStateRow>.Table => Family;

    public string RowKey => Key;

    /// <summary>The partition of a digest.</summary>
    public static Partition PartitionOf(byte[] digest) => Partition.OAuthState(Convert.ToHexStringLower(digest));

    /// <summary>The table of what is stored at a moment.</summary>
    public static string TableAt(DateTimeOffset moment) => Family + moment.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>When the table of a day is over: nothing in it lives for an hour.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset day) => day.AddDays(2);

    public static OAuthStateRow FromColumns(string rowKey, Columns columns) => new(
        columns.Id("sign_in"),
        columns.Binary("digest"),
        new TenantId(columns.Id("tenant_id")),
        columns.Text("role") == "archive" ? CrmRole.Archive : CrmRole.Main,
        columns.Text("provider"),
        new AuditActor((AuditActorKind)columns.Number("actor_kind"), columns.Text("actor")) { RequestId = columns.TextOrNull("request_id") },
        columns.Time("expires_at"))
    {
        Environment = columns.TextOrNull("environment"),
        Browser = columns.Bytes("browser"),
        SealedVerifier = columns.Bytes("sealed"),
    };

    public Columns ToColumns() => new Columns()
        .Set("sign_in", SignIn)
        .Set("digest", Digest)
        .Set("tenant_id", Tenant.Value)
        .Set("role", Role == CrmRole.Archive ? "archive" : "crm")
        .Set("provider", Provider)
        .Set("actor_kind", (int)Actor.Kind)
        .Set("actor", Actor.Id)
        .Set("request_id", Actor.RequestId)
        .Set("expires_at", ExpiresAt)
        .Set("environment", Environment)
        .SetBytes("browser", Browser)
        .SetBytes("sealed", SealedVerifier);
}
