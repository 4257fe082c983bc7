namespace Vorel.Core.Retention;

/// <summary>What one slice of a sweep did.</summary>
/// <param name="Purged">Rows that were past their window and are deleted, not counting their index rows.</param>
/// <param name="Kept">Rows that are not past their window, or that the CRM does not hold; they are looked at again later.</param>
/// <param name="Failed">Rows that could not be handled now; they come again within the hour.</param>
/// <param name="More">There is more that is due: go on soon.</param>
public sealed record SweepReport(long Purged, long Kept, long Failed, bool More);
