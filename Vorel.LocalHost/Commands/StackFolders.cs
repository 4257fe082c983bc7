using System.CommandLine;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>The options that <c>up</c> and <c>demo</c> share: where the repository and the published handler lie, and how many handlers there are.</summary>
internal sealed class StackFolders
{
    private readonly Option<DirectoryInfo> _root = new("--root") { Description = "The repository's folder.", Required = true };
    private readonly Option<DirectoryInfo> _appRoot = new("--app-root") { Description = "The published handler's folder.", Required = true };
    private readonly Option<int> _instances = InstancesOption.Create();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_root);
        command.Add(_appRoot);
        command.Add(_instances);
    }

    /// <summary>The folder that development state lies under.</summary>
    public string StateFolder(ParseResult parsed) => Path.Combine(Root(parsed), ".vorel");

    /// <summary>A stack's options.</summary>
    public StackOptions Stack(ParseResult parsed, string stateFolder, StackPorts ports) => new(
        Root(parsed),
        stateFolder,
        typeof(StackFolders).Assembly.Location,
        parsed.GetRequiredValue(_appRoot).FullName,
        ports,
        new Dictionary<string, string>())
    {
        Instances = parsed.GetValue(_instances),
    };

    private string Root(ParseResult parsed) => parsed.GetRequiredValue(_root).FullName;
}
