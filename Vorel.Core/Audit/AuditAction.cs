namespace Vorel.Core.Audit;

/// <summary>
/// What can be written down: these and no others. Whoever writes a new one adds its line here; a test looks that each line has a writer.
/// </summary>
public sealed class AuditAction
{
    private AuditAction(string name) => Name = name;

    /// <summary>A tenant was made. The subject is the tenant.</summary>
    public static AuditAction TenantCreated { get; } = new("tenant.created");

    /// <summary>An API key was issued. The subject is the key.</summary>
    public static AuditAction ApiKeyIssued { get; } = new("api_key.issued");

    /// <summary>An API key was revoked. The subject is the key.</summary>
    public static AuditAction ApiKeyRevoked { get; } = new("api_key.revoked");

    /// <summary>A CRM was connected: the credential, which is the subject, is used from now on, in place of the old one.</summary>
    public static AuditAction CrmConnected { get; } = new("crm.connected");

    /// <summary>A CRM was disconnected. The subject is the credential.</summary>
    public static AuditAction CrmDisconnected { get; } = new("crm.disconnected");

    /// <summary>An archive was connected: the credential, which is the subject, is used from now on, in place of the old one.</summary>
    public static AuditAction CrmArchiveConnected { get; } = new("crm_archive.connected");

    /// <summary>An archive was disconnected. The subject is the credential.</summary>
    public static AuditAction CrmArchiveDisconnected { get; } = new("crm_archive.disconnected");

    /// <summary>Credentials were stored, to be tested. The subject is the credential.</summary>
    public static AuditAction CredentialCreated { get; } = new("credential.created");

    /// <summary>Another credential took the place of one that goes on working until it is revoked. The subject is the old one.</summary>
    public static AuditAction CredentialRetiring { get; } = new("credential.retiring");

    /// <summary>A credential was made unusable. The subject is the credential.</summary>
    public static AuditAction CredentialRevoked { get; } = new("credential.revoked");

    /// <summary>A link was made, by which somebody signs in at a CRM's provider. The subject is the sign-in.</summary>
    public static AuditAction SignInStarted { get; } = new("oauth.started");

    /// <summary>Somebody signed in, and the provider gave tokens. The subject is the sign-in.</summary>
    public static AuditAction SignInCompleted { get; } = new("oauth.completed");

    /// <summary>A sign-in came to nothing, because of the code. The subject is the sign-in.</summary>
    public static AuditAction SignInRefused { get; } = new("oauth.refused");

    /// <summary>A provider gave out new tokens for a credential. The subject is the credential.</summary>
    public static AuditAction CredentialRefreshed { get; } = new("credential.refreshed");

    /// <summary>A credential works no more, because of the code: it has to be replaced. The subject is the credential.</summary>
    public static AuditAction CredentialRefreshFailed { get; } = new("credential.refresh_failed");

    /// <summary>A credential was opened to be used, as often as <see cref="AuditCount.Decrypts"/> says. The subject is the credential.</summary>
    public static AuditAction CredentialDecrypted { get; } = new("credential.decrypted");

    /// <summary>Credentials were opened and it was not written down which: as often as <see cref="AuditCount.Lost"/> says.</summary>
    public static AuditAction CredentialDecryptsLost { get; } = new("credential.decrypts_lost");

    /// <summary>A webhook subscription was made. The subject is the subscription.</summary>
    public static AuditAction SubscriptionCreated { get; } = new("subscription.created");

    /// <summary>A webhook subscription was deleted. The subject is the subscription.</summary>
    public static AuditAction SubscriptionDeleted { get; } = new("subscription.deleted");

    /// <summary>A webhook subscription was disabled, because of the code. The subject is the subscription.</summary>
    public static AuditAction SubscriptionDisabled { get; } = new("subscription.disabled");

    /// <summary>What the CRM is owed is taken up again. The subject is the redrive.</summary>
    public static AuditAction RedriveStarted { get; } = new("redrive.started");

    /// <summary>The retention sweep looked into rows of this tenant.</summary>
    public static AuditAction RetentionSwept { get; } = new("retention.swept");

    /// <summary>How it is spelled in rows and answers.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
