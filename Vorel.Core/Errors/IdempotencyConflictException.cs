namespace Vorel.Core.Errors;

/// <summary>The Idempotency-Key was used with another request.</summary>
public sealed class IdempotencyConflictException()
    : ProblemException(ProblemCodes.IdempotencyConflict, "This Idempotency-Key was used with a different request.");
