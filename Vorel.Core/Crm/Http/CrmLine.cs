using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Vorel.Core.Crm.Http;

/// <summary>
/// What one account at one provider shares in this process: when a call is repeated, when it is not made at all, how far calls are apart, and
/// a few facts that are read once in a while. Losing it costs a call or two, nothing else.
/// </summary>
internal sealed class CrmLine
{
    private const int MostFacts = 32;

    private readonly TimeProvider _realTime;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (object Value, TimeSpan Until)> _facts = new(StringComparer.Ordinal);

    public CrmLine(CrmPatience patience, TimeProvider realTime)
    {
        _realTime = realTime;
        Brake = new CrmBrake(realTime);
        Pipeline = new ResiliencePipelineBuilder { TimeProvider = realTime }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = patience.Repeats,
                Delay = patience.FirstWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is CrmFailure { MayRepeat: true } failed && !(failed.Failure.RetryAfter > patience.LongestWait)),
                DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as CrmFailure)?.Failure.RetryAfter),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = patience.DownAfter,
                SamplingDuration = patience.Watch,
                BreakDuration = patience.DownFor,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is CrmFailure { IsDown: true }),
            })
            .Build();
    }

    public ResiliencePipeline Pipeline { get; }

    public CrmBrake Brake { get; }

    /// <summary>When somebody last asked for it; its keeper's business.</summary>
    public TimeSpan LastUsed { get; set; }

    private TimeSpan Now => _realTime.GetElapsedTime(0);

    /// <summary>A fact about the account, from memory while it is fresh. Two callers at once may both look it up.</summary>
    public async Task<T> Recall<T>(string name, TimeSpan fresh, Func<Task<T>> look)
        where T : class
    {
        lock (_gate)
        {
            if (_facts.TryGetValue(name, out var known) && known.Until > Now)
            {
                return (T)known.Value;
            }
        }

        var value = await look();
        lock (_gate)
        {
            if (_facts.Count >= MostFacts)
            {
                _facts.Clear();
            }

            _facts[name] = (value, Now + fresh);
        }

        return value;
    }

    /// <summary>Forgets a fact that turned out to be wrong.</summary>
    public void Forget(string name)
    {
        lock (_gate)
        {
            _facts.Remove(name);
        }
    }
}
