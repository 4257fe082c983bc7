using System.Text.Json;

namespace Vorel.Functions.Hosting;

/// <summary>Writes what the Functions host reads at start: one folder with a function.json per function.</summary>
internal static class FunctionFiles
{
    private const string FileName = "function.json";
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Writes the files of <paramref name="catalogue"/> below <paramref name="folder"/> and removes those of functions that are no more.</summary>
    public static void Write(FunctionCatalogue catalogue, string folder)
    {
        foreach (var stale in Directory.EnumerateDirectories(folder).Where(path => IsStale(catalogue, path)))
        {
            Directory.Delete(stale, recursive: true);
        }

        foreach (var function in catalogue.All)
        {
            Directory.CreateDirectory(Path.Combine(folder, function.Name));
            File.WriteAllText(Path.Combine(folder, function.Name, FileName), function.Describe().ToJsonString(s_indented) + "\n");
        }
    }

    private static bool IsStale(FunctionCatalogue catalogue, string path) =>
        File.Exists(Path.Combine(path, FileName)) && catalogue.Find(Path.GetFileName(path)) is null;
}
