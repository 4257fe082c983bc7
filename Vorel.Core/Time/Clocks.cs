namespace Vorel.Core.Time;

/// <summary>The two clocks. Asking for one by name at every use keeps them from being mixed up.</summary>
/// <param name="Domain">Ladders, windows, incidents, schedules, record times. Tests move it.</param>
/// <param name="Real">I/O budgets, leases, caches, token lifetimes, signature time stamps.</param>
public sealed record Clocks(TimeProvider Domain, TimeProvider Real);
