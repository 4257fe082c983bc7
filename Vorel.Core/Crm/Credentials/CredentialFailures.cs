using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Due;
using Vorel.Core.Incidents;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>
/// Keeps that a credential works no more: a mark on it, a line in the audit log, and a hint that opens an incident, which to connect anew closes.
/// </summary>
internal sealed class CredentialFailures(IRowStore store, AuditLog audit, DueHints hints, Clocks clocks)
{
    /// <summary>How long the provider is left alone after it refused a credential for good: a busy tenant must not ask it again with each call.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(5);

    /// <summary>Refuses to ask again so soon.</summary>
    /// <exception cref="CrmException">The credential was refused minutes ago.</exception>
    public void ThrowIfKnown(CredentialRow row)
    {
        if (row.Failure is { Code: CrmErrorCode.RefreshFailed, At: var at } && (clocks.Domain.GetUtcNow() - at).Duration() < s_quiet)
        {
            throw new CrmException(CrmErrorCode.RefreshFailed, "The provider has refused to renew the access token: the CRM has to be connected anew.", retryable: false);
        }
    }

    /// <summary>Marks a credential as it was read. False when it has changed since. The hint comes first, so that no mark is ever without one that looks.</summary>
    public async Task<bool> Declare(TenantId tenant, Stored<CredentialRow> stored, CrmErrorCode code, CancellationToken cancellationToken)
    {
        var action = new AuditEvent(AuditAction.CredentialRefreshFailed, AuditActor.System) { Subject = stored.Row.Id, Code = AuditCode.Of(code) };
        await audit.Append(tenant, action, cancellationToken);
        var marked = stored with { Row = stored.Row with { Failure = new CredentialFailure(code, clocks.Domain.GetUtcNow()) } };
        Task<bool> Replace() => store.TryReplace(CredentialRow.Table, Partition.Of(tenant), marked, cancellationToken);
        return stored.Row.Status == CredentialStatus.Active
            ? await hints.FileAround(moment => Stuck.Hint(tenant, moment), clocks.Domain, Replace, cancellationToken)
            : await Replace();
    }
}
