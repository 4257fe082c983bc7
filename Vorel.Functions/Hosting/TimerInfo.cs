namespace Vorel.Functions.Hosting;

/// <summary>What the host says of one run of a schedule.</summary>
/// <param name="IsPastDue">The occurrence was missed and is made up for now.</param>
internal sealed record TimerInfo(bool IsPastDue);
