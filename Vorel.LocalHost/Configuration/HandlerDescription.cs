namespace Vorel.LocalHost.Configuration;

/// <summary>How the handler's process is started.</summary>
internal sealed record HandlerDescription
{
    /// <param name="appRoot">The published app's root, where host.json lies.</param>
    /// <param name="executable">The program as host.json names it.</param>
    /// <param name="workerDirectory">Where a relative program is looked for first; null is the app's root.</param>
    /// <param name="workingDirectory">The process's current directory, below the app's root; null is the root itself.</param>
    /// <param name="arguments">Arguments from host.json; the host adds none.</param>
    /// <param name="initializationTimeout">How long the handler may take until it answers <c>GET /</c>.</param>
    public HandlerDescription(
        string appRoot, string executable, string? workerDirectory, string? workingDirectory, IReadOnlyList<string> arguments, TimeSpan initializationTimeout)
    {
        AppRoot = Path.GetFullPath(appRoot);
        var beside = Path.Combine(AppRoot, workerDirectory ?? "", executable);
        Executable = File.Exists(beside) ? beside : executable;
        WorkingDirectory = Path.Combine(AppRoot, workingDirectory ?? "");
        Arguments = arguments;
        InitializationTimeout = initializationTimeout;
    }

    /// <summary>The published app's root.</summary>
    public string AppRoot { get; }

    /// <summary>The program: below the worker directory if such a file exists there, never below the working directory, else looked up on PATH.</summary>
    public string Executable { get; }

    /// <summary>The process's current directory.</summary>
    public string WorkingDirectory { get; }

    /// <summary>The process's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>How long the handler may take until it answers <c>GET /</c>.</summary>
    public TimeSpan InitializationTimeout { get; }
}
