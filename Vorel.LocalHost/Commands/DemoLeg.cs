using System.Diagnostics;

namespace Vorel.LocalHost.Commands;

/// <summary>One leg of the demo: something that is to be seen within its time.</summary>
/// <param name="Done">Whether it was.</param>
/// <param name="Text">What was seen, or what was not.</param>
internal sealed record DemoLeg(bool Done, string Text)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    /// <summary>Looks until something is seen.</summary>
    /// <param name="name">The leg's name.</param>
    /// <param name="look">What is seen; null for nothing yet.</param>
    /// <param name="heard">What there is to say where nothing comes.</param>
    /// <param name="cancellationToken">Ends the demo.</param>
    public static async Task<DemoLeg> Follow(string name, Func<CancellationToken, Task<string?>> look, Func<string> heard, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            while (true)
            {
                if (await look(limit.Token) is { } seen)
                {
                    return new DemoLeg(true, $"{name}: {seen} ({clock.ElapsedMilliseconds} ms)");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DemoLeg(false, $"{name} leg: not done within {s_limit.TotalSeconds:0} s; {heard()}.");
        }
    }
}
