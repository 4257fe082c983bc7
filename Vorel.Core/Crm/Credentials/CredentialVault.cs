using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Security;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Seals credentials and opens them. Nobody else does, so that each opening is told to the audit log.</summary>
public sealed class CredentialVault(IEnvelopeProtector protector, AuditChannel audit)
{
    /// <summary>The row with other credentials in it.</summary>
    /// <exception cref="CrmException">The key that they are sealed with cannot be used.</exception>
    internal async Task<CredentialRow> Seal(TenantId tenant, CredentialRow row, JsonObject credentials, CancellationToken cancellationToken)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            credentials.WriteTo(writer);
        }

        try
        {
            return row with { Sealed = await protector.Protect(json.GetBuffer().AsMemory(0, (int)json.Length), Scope(tenant, row), cancellationToken) };
        }
        catch (EnvelopeException exception)
        {
            throw new CrmException(CrmErrorCode.AuthError, "The credentials cannot be sealed.", retryable: true, inner: exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json.GetBuffer());
        }
    }

    /// <summary>Opens what is sealed in a row, for <paramref name="actor"/>.</summary>
    /// <exception cref="CrmException">It does not open, or not as what we seal: no retry mends that.</exception>
    internal async Task<OpenedCredentials> Open(TenantId tenant, CredentialRow row, AuditActor actor, CancellationToken cancellationToken)
    {
        try
        {
            var opened = new OpenedCredentials(await protector.Unprotect(row.Sealed, Scope(tenant, row), cancellationToken));
            audit.Decrypted(tenant, row.Id, actor);
            return opened;
        }
        catch (Exception exception) when (exception is EnvelopeException or JsonException)
        {
            throw new CrmException(CrmErrorCode.AuthError, "The stored credentials do not open.", retryable: false, inner: exception);
        }
    }

    // What is sealed for the one role does not open in the other.
    internal static EnvelopeScope Scope(TenantId tenant, CredentialRow row) =>
        new(tenant, CredentialRow.Table, row.Provider, row.Role == CrmRole.Archive ? $"archive:{row.Id:D}" : row.Id.ToString("D"));
}
