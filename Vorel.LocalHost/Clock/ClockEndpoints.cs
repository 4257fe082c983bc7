using System.Text.Json;
using System.Xml;

namespace Vorel.LocalHost.Clock;

/// <summary>The domain clock over HTTP: handlers follow it, tests and the demo move it.</summary>
internal static class ClockEndpoints
{
    /// <summary>How long a handler's question is kept open.</summary>
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(20);

    /// <summary>Further on, sums of times would leave the calendar: a clock that had jumped there could not be used again.</summary>
    private static readonly DateTimeOffset s_furthest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void MapClock(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/clock", (long? generation, string? handler, HttpContext context, ClockAudience audience, IHostApplicationLifetime lifetime) =>
            Follow(handler, generation, audience, context, lifetime));
        routes.MapGet("/admin/clock/{handler}", (string handler, long? generation, HttpContext context, ClockAudience audience, IHostApplicationLifetime lifetime) =>
            Follow(handler, generation, audience, context, lifetime));
        routes.MapPost("/admin/clock/advance", Advance);
    }

    /// <summary>Answers at once, or, where the caller says which generation it lives by, when there is a newer one.</summary>
    private static async Task<IResult> Follow(
        string? handler, long? generation, ClockAudience audience, HttpContext context, IHostApplicationLifetime lifetime)
    {
        if (handler is not null)
        {
            audience.Heard(handler, generation);
        }

        if (generation is { } seen)
        {
            using var hold = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            hold.CancelAfter(s_hold);
            await audience.NewerThan(seen, hold.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Results.Json(ClockOffset.Of(audience.Published), ClockJson.Default.ClockOffset);
    }

    private static async Task<IResult> Advance(HttpContext context, ClockJumps jumps, DomainClock clock, CancellationToken cancellationToken)
    {
        // The clock wants no key, and any page in a browser on this machine can post here; browsers say so, tools do not.
        if (context.Request.Headers.ContainsKey("Origin") || context.Request.Headers.ContainsKey("Sec-Fetch-Site"))
        {
            return Problem(StatusCodes.Status403Forbidden, clock, "The clock is not moved from a web page.");
        }

        AdvanceRequest? request;
        TimeSpan by = default;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, ClockJson.Default.AdvanceRequest, cancellationToken);
            if (request?.By is { } text)
            {
                by = XmlConvert.ToTimeSpan(text);
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or OverflowException)
        {
            return Problem(StatusCodes.Status400BadRequest, clock, error.Message);
        }

        switch (request)
        {
            case { By: not null, To: null } when by >= TimeSpan.Zero && by <= s_furthest - clock.GetUtcNow():
                return Answer(await jumps.By(by, cancellationToken));
            case { By: null, To: "next" }:
                return await jumps.ToNextTimer(cancellationToken) is { } jump
                    ? Answer(jump)
                    : Problem(StatusCodes.Status409Conflict, clock, "No Durable timer waits.");
            default:
                return Problem(StatusCodes.Status400BadRequest, clock, """Send {"by":"PT5M"} or {"to":"next"}; the clock only goes forward, and not beyond the year 3000.""");
        }
    }

    private static IResult Answer(ClockJump jump) => Results.Json(
        new AdvanceAnswer(jump.Time, XmlConvert.ToString(jump.By), jump.Generation, jump.Complete ? null : "A live handler did not acknowledge the jump."),
        ClockJson.Default.AdvanceAnswer,
        statusCode: jump.Complete ? StatusCodes.Status200OK : StatusCodes.Status504GatewayTimeout);

    private static IResult Problem(int status, DomainClock clock, string error) =>
        Results.Json(new AdvanceAnswer(clock.GetUtcNow(), "PT0S", clock.Generation, error), ClockJson.Default.AdvanceAnswer, statusCode: status);
}
