namespace Vorel.LocalHost.Clock;

/// <summary>What an advance did.</summary>
/// <param name="Time">The domain's time afterwards.</param>
/// <param name="By">How far it went.</param>
/// <param name="Generation">The generation it brought.</param>
/// <param name="Moved">False where there was nothing to jump to.</param>
/// <param name="Complete">False where a live handler did not acknowledge it within 30 seconds.</param>
internal sealed record ClockJump(DateTimeOffset Time, TimeSpan By, long Generation, bool Moved, bool Complete);
