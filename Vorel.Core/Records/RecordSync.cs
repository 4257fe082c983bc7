namespace Vorel.Core.Records;

/// <summary>What the CRM holds of a record.</summary>
/// <param name="ExternalId">The record's id there.</param>
/// <param name="Url">Where people find it there.</param>
/// <param name="Version">The version that was written last.</param>
/// <param name="At">When that write succeeded: <c>crm_synced_at</c>.</param>
public sealed record RecordSync(string ExternalId, string? Url, long Version, DateTimeOffset At);
