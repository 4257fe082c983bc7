namespace Vorel.Durable;

/// <summary>How one activity or sub-orchestration is called.</summary>
/// <param name="Retry">When to call again after a failure; null: never.</param>
public sealed record TaskOptions(RetryPolicy? Retry = null)
{
    /// <summary>Options that only retry.</summary>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);
}
