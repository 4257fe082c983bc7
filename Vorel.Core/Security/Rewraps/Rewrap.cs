namespace Vorel.Core.Security.Rewraps;

/// <summary>A walk over everything that is sealed, of all tenants, which moves it to the key that is current.</summary>
/// <param name="Id">Its id.</param>
/// <param name="KeyId">The key that it moves to: <c>kms:</c> and the address of the vault's key with its version.</param>
/// <param name="Pass">Which time it goes through, from 1. The last one is one that found nothing to move.</param>
/// <param name="Looked">How many sealed values it has looked at in this pass.</param>
/// <param name="Already">How many of them were sealed with the current key.</param>
/// <param name="Moved">How many it has moved, in all passes.</param>
/// <param name="Failures">What of this pass could not be moved.</param>
/// <param name="StartedAt">When it began, by the domain clock.</param>
/// <param name="FinishedAt">When it ended; null while it goes on.</param>
/// <param name="IsComplete">Whether, at its end, nothing refers to any other key: then the others may be switched off. Null while it goes on.</param>
public sealed record Rewrap(
    Guid Id,
    string? KeyId,
    int Pass,
    long Looked,
    long Already,
    long Moved,
    IReadOnlyList<RewrapFailure> Failures,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    bool? IsComplete);

/// <summary>Sealed values that could not be moved, and stay as they were.</summary>
/// <param name="Code">Why, as a code.</param>
/// <param name="KeyId">The key that they refer to, where it can be read.</param>
/// <param name="Count">How many.</param>
public sealed record RewrapFailure(string Code, string? KeyId, long Count);
