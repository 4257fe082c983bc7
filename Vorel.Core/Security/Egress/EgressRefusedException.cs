namespace Vorel.Core.Security.Egress;

/// <summary>
/// The guard does not let us call this address. The message is a plain sentence for the person who entered it; it names a
/// rule, never what our resolver or network looks like.
/// </summary>
public sealed class EgressRefusedException(EgressRefusal refusal, string message) : Exception(message)
{
    /// <summary>Which rule refused it.</summary>
    public EgressRefusal Refusal { get; } = refusal;
}

/// <summary>Why an address was refused.</summary>
public enum EgressRefusal
{
    /// <summary>The text is not an absolute URL, is too long, or holds characters that no URL has.</summary>
    Malformed,

    /// <summary>The scheme is not https.</summary>
    Scheme,

    /// <summary>It carries a user name or password.</summary>
    UserInfo,

    /// <summary>The host is no full DNS name and no canonically written IP address.</summary>
    Host,

    /// <summary>The port is not a plain number from 1 to 65535.</summary>
    Port,

    /// <summary>The host is, or resolves to, an address that is not on the public internet.</summary>
    Address,

    /// <summary>The host is our own.</summary>
    Own,
}
