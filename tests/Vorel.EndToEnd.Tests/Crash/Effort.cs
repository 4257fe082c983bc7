using System.Globalization;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>How long the random tests go on, and by which seed: <c>VOREL_CRASH_SECONDS</c> and <c>VOREL_CRASH_SEED</c>.</summary>
internal sealed record Effort(int Seed, TimeSpan Lasts)
{
    private const int UsualSeconds = 60;

    /// <summary>What the environment says; a new seed and a minute where it says nothing.</summary>
    public static Effort Read() => new(
        Number("VOREL_CRASH_SEED") ?? Random.Shared.Next(),
        TimeSpan.FromSeconds(Number("VOREL_CRASH_SECONDS") ?? UsualSeconds));

    /// <summary>How to do it again.</summary>
    public override string ToString() =>
        $"VOREL_CRASH_SEED={Seed.ToString(CultureInfo.InvariantCulture)} VOREL_CRASH_SECONDS={Lasts.TotalSeconds.ToString(CultureInfo.InvariantCulture)} ./test crash";

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
