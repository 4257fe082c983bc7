using System.Diagnostics;

namespace Vorel.Testing;

/// <summary>Signals for the processes that tests start.</summary>
public static class PosixSignal
{
    /// <inheritdoc cref="LocalHost.Development.PosixSignal.Terminate"/>
    public static bool Terminate(Process process) => LocalHost.Development.PosixSignal.Terminate(process);
}
