using Vorel.LocalHost.Durable.Recording;

namespace Vorel.Testing.Golden;

/// <summary>The recorded histories of the orchestrators, <c>tests/golden/{Orchestrator}/{path}.json</c>. README.md in that folder explains them.</summary>
public static class GoldenFiles
{
    /// <summary>Where they lie.</summary>
    public static string Folder { get; } = RepositoryFolder.PathOf("tests", "golden");

    /// <summary>Every recording, as <c>Orchestrator/path</c>.</summary>
    public static IReadOnlyList<string> All =>
    [
        .. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The recording, or null where there is none.</summary>
    public static RecordedHistory? Find(string name) => File.Exists(PathOf(name)) ? RecordedHistory.Parse(File.ReadAllText(PathOf(name))) : null;

    /// <summary>The recording of a name that <see cref="All"/> has.</summary>
    public static RecordedHistory Read(string name) => RecordedHistory.Parse(File.ReadAllText(PathOf(name)));

    /// <summary>Writes a recording. One of the same shape that is there already stays as it is, so that recording anew changes nothing.</summary>
    public static void Keep(string name, RecordedHistory history)
    {
        if (Find(name) is { } present && HistoryShape.Of(present).SequenceEqual(HistoryShape.Of(history)))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), history.ToJson());
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".json");
}
