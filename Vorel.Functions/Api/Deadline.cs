using Vorel.Core.Errors;
using Vorel.Core.Time;

namespace Vorel.Functions.Api;

/// <summary>
/// Ends every public request after a minute with 503: a storage that hangs must not hold requests until the host's
/// functionTimeout, which kills the whole process. A caller who hangs up ends a read at once, but not a change.
/// </summary>
internal sealed class Deadline(RequestDelegate next, Clocks clocks)
{
    /// <summary>How long a request may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly object s_key = new();

    /// <summary>
    /// What cancels a change: its deadline alone. One that breaks off because its caller hung up would leave an announcement
    /// without its commit, or a key that is listed and does not work.
    /// </summary>
    public static CancellationToken OfChange(HttpContext context) => (CancellationToken)context.Items[s_key]!;

    public async Task InvokeAsync(HttpContext context)
    {
        var hangUp = context.RequestAborted;
        using var limit = new CancellationTokenSource(Limit, clocks.Real);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hangUp, limit.Token);
        context.Items[s_key] = limit.Token;
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            throw new UnavailableException(exception);
        }
        finally
        {
            context.RequestAborted = hangUp;
        }
    }
}
