namespace Vorel.Core.Crm.OAuth;

/// <summary>Somebody's way to a provider and back ends here. Nothing is connected.</summary>
public sealed class OAuthRefusedException(OAuthRefusal refusal, CrmException? cause = null) : Exception($"The sign-in was refused: {refusal}.", cause)
{
    /// <summary>Why.</summary>
    public OAuthRefusal Refusal { get; } = refusal;

    /// <summary>What the provider, or the way to it, has to do with it.</summary>
    public CrmException? Cause { get; } = cause;
}

/// <summary>Why a sign-in ends without a connection.</summary>
public enum OAuthRefusal
{
    /// <summary>The link is unknown, used, over, or another provider's: to whoever shows it, all the same.</summary>
    Link,

    /// <summary>The state is unknown, used, over, another browser's, another provider's, or there is none: all the same.</summary>
    State,

    /// <summary>Somebody said no on the provider's page, or may not say yes.</summary>
    Denied,

    /// <summary>The provider sent back an error, or no code.</summary>
    NoCode,

    /// <summary>It names a data centre that is none of the provider's.</summary>
    Site,

    /// <summary>The provider did not give tokens for the code: see <see cref="OAuthRefusedException.Cause"/>.</summary>
    Exchange,

    /// <summary>The tokens cannot be renewed, or do not say whose they are: what was granted is not enough to stay connected.</summary>
    Incomplete,
}

/// <summary>How refusals are spelled in the audit log. The one place.</summary>
internal static class OAuthRefusals
{
    public static string Wire(this OAuthRefusal refusal) => refusal switch
    {
        OAuthRefusal.Link => "link",
        OAuthRefusal.State => "state",
        OAuthRefusal.Denied => "denied",
        OAuthRefusal.NoCode => "no_code",
        OAuthRefusal.Site => "site",
        OAuthRefusal.Exchange => "exchange",
        OAuthRefusal.Incomplete => "incomplete",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "There is no such refusal."),
    };
}
