namespace Vorel.Core.Audit;

/// <summary>What came of looking through a part of a month's log.</summary>
/// <param name="First">The first break in this part, in time; null if all is as it was written.</param>
/// <param name="Rows">How many rows were looked at.</param>
/// <param name="Seals">How many days of the month are sealed.</param>
/// <param name="LateSeals">How many of them were sealed more than a day after the day had ended: what was cut off before, no seal can tell. There should be a reason.</param>
/// <param name="LateRows">How many chains went on in a day after it had been sealed; they are sound.</param>
/// <param name="LastSeal">The MAC of the month's last seal, as hex; who keeps it elsewhere can tell later whether it is still the one. Null if there is none.</param>
/// <param name="NextCursor">Where to go on, towards the past; null when the month is through.</param>
public sealed record AuditVerdict(AuditBreak? First, int Rows, int Seals, int LateSeals, int LateRows, string? LastSeal, string? NextCursor);
