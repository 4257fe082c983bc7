namespace Vorel.Core.Errors;

/// <summary>The request could not be completed now, and where the store stayed away to the end, whether a write took effect is unknown.</summary>
public sealed class UnavailableException(Exception? inner = null)
    : ProblemException(ProblemCodes.Unavailable, "The service cannot complete this request now. Repeat it later.", inner)
{
    /// <summary>When to repeat the request.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);
}
