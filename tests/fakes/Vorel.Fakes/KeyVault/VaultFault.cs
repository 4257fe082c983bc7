namespace Vorel.Fakes;

/// <summary>What the stand-in for Key Vault does to one request that it has let in.</summary>
/// <param name="Kind">What.</param>
/// <param name="Status">The status, where it answers.</param>
/// <param name="RetryAfter">The seconds of <c>Retry-After</c>, or null for none.</param>
public sealed record VaultFault(VaultFaultKind Kind, int Status = 0, int? RetryAfter = null)
{
    /// <summary>It answers a status, and a body that repeats the request's, as a careless server might.</summary>
    public static VaultFault Answer(int status, int? retryAfter = null) => new(VaultFaultKind.Status, status, retryAfter);
}

/// <summary>Kinds of faults.</summary>
public enum VaultFaultKind
{
    /// <summary>A status of the documentation.</summary>
    Status,

    /// <summary>No answer until the caller goes away.</summary>
    Hang,

    /// <summary>The connection is reset before anything is done.</summary>
    Reset,

    /// <summary>The token that was shown is over from now on.</summary>
    ExpireToken,

    /// <summary>The answer is for another key than the one that was asked for.</summary>
    OtherKey,

    /// <summary>It is done, and answered with 200 and something that is no answer.</summary>
    Nonsense,
}
