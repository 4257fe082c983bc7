namespace Vorel.Fakes.HubSpot;

/// <summary>What the stand-in does to one request.</summary>
/// <param name="Kind">What.</param>
public sealed record HubSpotFault(HubSpotFaultKind Kind)
{
    /// <summary>The status, where it answers.</summary>
    public int Status { get; init; }

    /// <summary>The seconds of <c>Retry-After</c>, or null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The body instead of HubSpot's own for that status.</summary>
    public string? Body { get; init; }

    /// <summary>The media type of that body.</summary>
    public string ContentType { get; init; } = "text/html";

    /// <summary>Requests it is for, by method and path without the query, such as <c>POST /oauth/v1/token</c>; null for any. A trailing <c>*</c> stands for the rest.</summary>
    public string? Route { get; init; }

    /// <summary>What a request waits for that is held.</summary>
    internal Task Released { get; init; } = Task.CompletedTask;

    /// <summary>It does nothing and answers with a status and HubSpot's body for it: 423, 429, 477, 5xx.</summary>
    public static HubSpotFault Answer(int status, int? retryAfter = null) => new(HubSpotFaultKind.Answer) { Status = status, RetryAfter = retryAfter };

    /// <summary>It refuses a call as one too many, of <c>TEN_SECONDLY_ROLLING</c>, <c>SECONDLY</c> (searches) or <c>DAILY</c>.</summary>
    public static HubSpotFault Limit(string policy, int? retryAfter = null) =>
        Answer(429, retryAfter) with { Body = HubSpotErrors.Limited(policy).Answer.Body, ContentType = "application/json;charset=utf-8" };

    /// <summary>It does nothing and answers with a status and a page, as what stands in front of HubSpot does.</summary>
    public static HubSpotFault Page(int status) => new(HubSpotFaultKind.Answer) { Status = status, Body = "<html><body><h1>There was an error</h1></body></html>" };

    /// <summary>Nothing is done until the task has ended; then the request is served.</summary>
    public static HubSpotFault Hold(Task until) => new(HubSpotFaultKind.Hold) { Released = until };

    /// <summary>The request is served, and its answer lost.</summary>
    public static HubSpotFault LoseAnswer { get; } = new(HubSpotFaultKind.LoseAnswer);

    /// <summary>The connection is reset and nothing is done.</summary>
    public static HubSpotFault Reset { get; } = new(HubSpotFaultKind.Reset);

    /// <summary>Nothing is done and no answer given until the caller goes away.</summary>
    public static HubSpotFault Hang { get; } = new(HubSpotFaultKind.Hang);

    /// <summary>The same for the requests of one route.</summary>
    public HubSpotFault On(string route) => this with { Route = route };

    internal bool IsFor(string route) => Route is null
        || (Route.EndsWith('*') ? route.StartsWith(Route[..^1], StringComparison.Ordinal) : route == Route);
}

/// <summary>Kinds of faults.</summary>
public enum HubSpotFaultKind
{
    /// <summary>A status of the documentation.</summary>
    Answer,

    /// <summary>The answer comes when a test says so.</summary>
    Hold,

    /// <summary>The work is done, and the connection reset before the answer.</summary>
    LoseAnswer,

    /// <summary>The connection is reset and nothing is done.</summary>
    Reset,

    /// <summary>No answer until the caller goes away.</summary>
    Hang,
}
