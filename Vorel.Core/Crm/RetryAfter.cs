using System.Net.Http.Headers;

namespace Vorel.Core.Crm;

/// <summary>The <c>Retry-After</c> header (RFC 9110, 10.2.3) of any provider, made harmless.</summary>
internal static class RetryAfter
{
    /// <summary>The longest wait that a provider may ask for: it must not park a record for days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait asked for, from zero to <see cref="Longest"/>; null when there is none or it is unreadable.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, TimeProvider realTime)
    {
        var asked = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - realTime.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return asked is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, Longest.Ticks)) : null;
    }
}
