using Vorel.Core.Crm.Credentials;
using Vorel.Core.Payloads;
using Vorel.Core.Storage;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Security.Rewraps;

/// <summary>
/// Everything that is sealed with an <see cref="IEnvelopeProtector"/> and kept: what a rewrap moves. Whatever is missing here keeps a key from ever being switched off;
/// a test looks for row types with bytes in them that are neither here nor among <see cref="Others"/>.
/// </summary>
internal static class SealedColumns
{
    /// <summary>The columns, in the order in which a rewrap goes through them.</summary>
    public static IReadOnlyList<SealedColumn> All { get; } =
    [
        SealedColumn.Of<CredentialRow>("credential", RowRange.Prefix(CredentialRow.Prefix), "sealed", (tenant, _, row) => CredentialVault.Scope(tenant, row))
            with { Credential = row => SealedColumn.Parse<CredentialRow>(row).Id },
        SealedColumn.Of<SubscriptionRow>("webhook", RowRange.All, "secret", (tenant, _, row) => SubscriptionService.Scope(tenant, row.Id)),
        SealedColumn.Of<DayKeyRow>("payload_key", RowRange.Prefix(DayKeyRow.Key), "key", (tenant, table, _) => DayKeys.Scope(table, tenant), isFamily: true),
    ];

    /// <summary>Row types whose bytes are no kept envelopes, and why not.</summary>
    public static IReadOnlyDictionary<string, string> Others { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ApiKeyLookupRow"] = "a keyed hash",
        ["AuditRow"] = "a keyed hash",
        ["AuditSealRow"] = "a keyed hash",
        ["PayloadRow"] = "boxed with the day's key",
        ["OutboxRow"] = "boxed with the day's key",
        ["OAuthStateRow"] = "ends within minutes",
    };
}
