namespace Vorel.Functions.Api.Problems;

/// <summary>An error answer before it is written (RFC 9457): a status and a stable code, with texts of ours alone.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code that callers branch on.</param>
/// <param name="Title">What happened, in one sentence that is the same every time.</param>
internal sealed record Problem(int Status, string Code, string Title)
{
    /// <summary>This occurrence in words of ours, or null.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong in which place of the request; the answer lists the first 50.</summary>
    public IReadOnlyList<ProblemError> Errors { get; init; } = [];

    /// <summary>When to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The connection ends with the answer: what else would come over it may never come, or not be what it seems.</summary>
    public bool Closes { get; init; }

    public static Problem Validation { get; } = new(400, "validation_error", "The request is not valid.");

    public static Problem Unauthenticated { get; } = new(401, "auth_error", "The request carries no valid credential.");

    public static Problem InsufficientScope { get; } = new(403, "insufficient_scope", "The key lacks the scope that this call needs.");

    public static Problem NotFound { get; } = new(404, "not_found", "There is nothing here.");

    public static Problem MethodNotAllowed { get; } = new(405, "method_not_allowed", "This address does not take that method.");

    public static Problem RequestTimeout { get; } = new(408, "request_timeout", "The body did not arrive in time.") { Closes = true };

    public static Problem Conflict { get; } = new(409, "conflict", "The request conflicts with what is there.");

    public static Problem PreconditionFailed { get; } = new(412, "precondition_failed", "Records have no versions that a change could be tied to.");

    public static Problem TooLarge { get; } = new(413, "payload_too_large", "The body is larger than 512 KiB.") { Closes = true };

    public static Problem UnsupportedMediaType { get; } = new(415, "unsupported_media_type", "The body must be application/json in UTF-8.");

    public static Problem IdempotencyConflict { get; } = new(422, "idempotency_conflict", "The idempotency key was used for another request.");

    public static Problem Internal { get; } = new(500, "internal_error", "Something failed on our side.");

    public static Problem Unavailable { get; } = new(503, "unavailable", "The service cannot answer just now.") { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>A <see cref="Validation"/> with its places.</summary>
    public static Problem Invalid(params IReadOnlyList<ProblemError> errors) => Validation with { Errors = errors };
}

/// <summary>One fault of a request.</summary>
/// <param name="Pointer">Where: a JSON pointer into the body (RFC 6901), <c>?name</c> for a query parameter, or a header's name. The answer leaves out one that is longer than 200 characters.</param>
/// <param name="Detail">What is wrong, without the value itself.</param>
internal sealed record ProblemError(string Pointer, string Detail);
