namespace Vorel.Core.Records;

/// <summary>What a write came to.</summary>
/// <param name="Status">The HTTP status: 201 for a creation, 200 for a change; a repeat under the same Idempotency-Key gets the first one's.</param>
/// <param name="Record">The record as it is now.</param>
public sealed record RecordAnswer(int Status, RecordRow Record);
