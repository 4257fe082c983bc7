namespace Vorel.Core.Errors;

/// <summary>The stable codes of problems, as callers see them.</summary>
public static class ProblemCodes
{
    /// <summary>400: malformed JSON, an unknown, missing or mistyped member, a duplicate key, a bad query.</summary>
    public const string ValidationError = "validation_error";

    /// <summary>404: there is nothing with this id, or it is another tenant's, expired or deleted; the answer is the same.</summary>
    public const string NotFound = "not_found";

    /// <summary>409: the record clashes with one that exists, or was changed too often meanwhile.</summary>
    public const string Conflict = "conflict";

    /// <summary>422: the Idempotency-Key was used before with another request.</summary>
    public const string IdempotencyConflict = "idempotency_conflict";

    /// <summary>503: the write may or may not have happened; repeat it after a while, best with an Idempotency-Key.</summary>
    public const string Unavailable = "unavailable";
}
