namespace Vorel.LocalHost.Configuration;

/// <summary>How the handler's process is started.</summary>
/// <param name="AppRoot">The published app's root, where host.json lies.</param>
/// <param name="Executable">The program: below the app root if such a file exists there, else looked up on PATH.</param>
/// <param name="WorkingDirectory">The process's current directory.</param>
/// <param name="Arguments">Arguments from host.json; the host adds none.</param>
/// <param name="InitializationTimeout">How long the handler may take until it answers <c>GET /</c>.</param>
internal sealed record HandlerDescription(
    string AppRoot, string Executable, string WorkingDirectory, IReadOnlyList<string> Arguments, TimeSpan InitializationTimeout)
{
    public static HandlerDescription From(
        string appRoot, string executable, string? workingDirectory, IReadOnlyList<string> arguments, TimeSpan initializationTimeout)
    {
        var root = Path.GetFullPath(appRoot);
        var beside = Path.Combine(root, executable);
        return new HandlerDescription(
            root, File.Exists(beside) ? beside : executable, Path.Combine(root, workingDirectory ?? ""), arguments, initializationTimeout);
    }
}
