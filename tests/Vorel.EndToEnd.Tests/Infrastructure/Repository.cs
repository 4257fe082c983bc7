namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Where the repository lies, and what <c>./test</c> has published: its own copy, or else what was published last.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string HostAssembly => Published("host", "Vorel.LocalHost.dll");

    /// <summary>The published handler's folder.</summary>
    public static string Handler => Path.GetDirectoryName(Published("handler", "host.json"))!;

    /// <summary>The handler built with kill points.</summary>
    public static string HandlerWithFailpoints => Path.GetDirectoryName(Published("handler-failpoints", "host.json"))!;

    private static string Published(string name, string file)
    {
        var folder = Environment.GetEnvironmentVariable("VOREL_PUBLISHED") ?? Path.Combine(Root, ".vorel", "app");
        var path = Path.Combine(folder, name, file);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: run the tests with ./test, which publishes first.");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vorel.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
