namespace Vorel.Core.Crm.Credentials;

/// <summary>Why a credential does not work, in our own words.</summary>
/// <param name="Code">The code of the failure.</param>
/// <param name="Text">For people; nothing secret, nothing of the provider's own text.</param>
public sealed record CredentialReason(CrmErrorCode Code, string Text)
{
    private const int LongestText = 500;

    /// <summary>Why, by the failure of a driver.</summary>
    internal static CredentialReason Of(CrmException failure) =>
        new(failure.Code, failure.Message.Length > LongestText ? failure.Message[..LongestText] : failure.Message);

    /// <inheritdoc/>
    public override string ToString() => Code.Wire();
}
