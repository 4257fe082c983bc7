using System.Diagnostics;

namespace Vorel.Core;

/// <summary>
/// Named kill points for the crash tests. Calls compile to nothing unless the build sets <c>VorelFailpoints</c>; then a file
/// <c>{point}.armed</c> in the folder that the environment names arms a point: the first to reach it makes it <c>{point}.reached</c>,
/// with its process id within, and blocks, so that a test can kill the process exactly there. Everybody else passes.
/// </summary>
public static class Failpoints
{
    /// <summary>Blocks here for ever if this point is armed.</summary>
    [Conditional("VOREL_FAILPOINTS")]
    public static void Reach(string point)
    {
#if VOREL_FAILPOINTS
        if (Environment.GetEnvironmentVariable("VOREL_FAILPOINT_DIR") is not { } directory
            || Path.Combine(directory, $"{point}.armed") is var armed && !File.Exists(armed))
        {
            return;
        }

        var mine = Path.Combine(directory, $"{point}.{Environment.ProcessId}");
        try
        {
            File.Move(armed, mine);
        }
        catch (FileNotFoundException)
        {
            return; // Somebody else was first.
        }

        File.WriteAllText(mine, $"{Environment.ProcessId}");
        File.Move(mine, Path.Combine(directory, $"{point}.reached"));
        Thread.Sleep(Timeout.Infinite);
#endif
    }
}
