namespace Vorel.Core.Records;

/// <summary>What the CRM holds of a record.</summary>
/// <param name="System">Which CRM it is: external ids are worth nothing in another one.</param>
/// <param name="ExternalId">The record's id there.</param>
/// <param name="Url">Where people find it there.</param>
/// <param name="Version">The version that was written last.</param>
/// <param name="At">When that write succeeded: <c>crm_synced_at</c>.</param>
public sealed record RecordSync(string System, string ExternalId, string? Url, long Version, DateTimeOffset At);
