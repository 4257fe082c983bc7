using System.Threading.RateLimiting;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Http;

/// <summary><c>maxConcurrentRequests</c> and <c>maxOutstandingRequests</c> of host.json, over all HTTP functions together.</summary>
internal sealed class HttpThrottle(HostConfiguration configuration) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(Options(configuration.Http.MaxConcurrentRequests, configuration.Http.MaxOutstandingRequests));

    /// <summary>A place, waited for where there is room to wait; a lease that is not acquired where the call is one too many.</summary>
    public ValueTask<RateLimitLease> Enter(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => _limiter.Dispose();

    private static ConcurrencyLimiterOptions Options(int? concurrent, int? outstanding)
    {
        var permits = Math.Min(concurrent ?? int.MaxValue, outstanding ?? int.MaxValue);
        return new ConcurrencyLimiterOptions
        {
            PermitLimit = permits, QueueLimit = (outstanding ?? int.MaxValue) - permits, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };
    }
}
