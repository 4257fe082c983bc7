using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Credentials;

/// <summary>How statuses and ways to sign in are spelled in rows and answers. The one place.</summary>
public static class CredentialNames
{
    /// <summary>The stable spelling of a status.</summary>
    public static string Wire(this CredentialStatus status) => status switch
    {
        CredentialStatus.Pending => "pending",
        CredentialStatus.Active => "active",
        CredentialStatus.Retiring => "retiring",
        CredentialStatus.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };

    /// <summary>The stable spelling of a way to sign in.</summary>
    public static string Wire(this CrmSignIn signIn) => signIn switch
    {
        CrmSignIn.Form => "form",
        CrmSignIn.AuthorizationCode => "authorization_code",
        CrmSignIn.ClientCredentials => "client_credentials",
        _ => throw new ArgumentOutOfRangeException(nameof(signIn), signIn, "There is no such way to sign in."),
    };

    /// <summary>The status of a stored spelling; whatever is none of them is no use any more.</summary>
    internal static CredentialStatus StatusOf(string wire) => Find<CredentialStatus>(status => status.Wire() == wire) ?? CredentialStatus.Revoked;

    /// <summary>The way to sign in of a stored spelling.</summary>
    internal static CrmSignIn SignInOf(string wire) => Find<CrmSignIn>(signIn => signIn.Wire() == wire) ?? CrmSignIn.Form;

    /// <summary>The error code of a stored spelling, or null.</summary>
    internal static CrmErrorCode? CodeOf(string? wire) => Find<CrmErrorCode>(code => code.Wire() == wire);

    private static T? Find<T>(Func<T, bool> isIt)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => isIt(value!.Value));
}
