namespace Vorel.Fakes;

/// <summary>What the stand-in for Service Bus does to one request.</summary>
/// <param name="Kind">What.</param>
/// <param name="Status">The status, where it answers.</param>
/// <param name="RetryAfter">The seconds of <c>Retry-After</c>, or null for none.</param>
public sealed record BusFault(BusFaultKind Kind, int Status = 0, int? RetryAfter = null)
{
    /// <summary>It answers nothing but a status, and a body that repeats the caller's Authorization, as a careless server might.</summary>
    public static BusFault Answer(int status, int? retryAfter = null) => new(BusFaultKind.Status, status, retryAfter);
}

/// <summary>Kinds of faults.</summary>
public enum BusFaultKind
{
    /// <summary>A status of the documentation.</summary>
    Status,

    /// <summary>No answer until the caller goes away.</summary>
    Hang,

    /// <summary>The connection is reset and nothing is kept.</summary>
    Reset,

    /// <summary>The message is kept, and the connection is reset before the answer.</summary>
    LoseAnswer,
}
