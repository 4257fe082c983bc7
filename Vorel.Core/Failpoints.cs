using System.Diagnostics;

namespace Vorel.Core;

/// <summary>
/// Named kill points for the crash tests. Calls compile to nothing unless the build sets <c>VorelFailpoints</c>; then the
/// point named by the environment writes a marker file and blocks, so that a test can kill the process exactly there.
/// A marker that exists already lets the process pass: after the kill, the restarted process runs on.
/// </summary>
public static class Failpoints
{
    /// <summary>Blocks here for ever, once, if this point is armed.</summary>
    [Conditional("VOREL_FAILPOINTS")]
    public static void Reach(string point)
    {
#if VOREL_FAILPOINTS
        if (Environment.GetEnvironmentVariable("VOREL_FAILPOINT") != point
            || Environment.GetEnvironmentVariable("VOREL_FAILPOINT_DIR") is not { } directory)
        {
            return;
        }

        try
        {
            using var marker = new StreamWriter(new FileStream(Path.Combine(directory, point), FileMode.CreateNew));
            marker.Write(Environment.ProcessId);
        }
        catch (IOException) when (File.Exists(Path.Combine(directory, point)))
        {
            return;
        }

        Thread.Sleep(Timeout.Infinite);
#endif
    }
}
