using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Vorel.LocalHost.Development;

/// <summary>Signals that <see cref="Process"/> has no method for.</summary>
public static class PosixSignal
{
    private const int SigTerm = 15;

    /// <summary>Asks a process to end. False when it has ended already or never started.</summary>
    public static bool Terminate(Process process)
    {
        try
        {
            return !process.HasExited && Kill(process.Id, SigTerm) == 0;
        }
        catch (InvalidOperationException)
        {
            // Never started: there is nothing to end.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
