namespace Vorel.Core.Due;

/// <summary>What one tick did.</summary>
/// <param name="Handled">Hints that were looked into.</param>
/// <param name="Failed">Hints that could not be handled now; they stay and come again.</param>
/// <param name="More">There may be more that is due: run again soon.</param>
public sealed record TickReport(int Handled, int Failed, bool More);
