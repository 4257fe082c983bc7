namespace Vorel.Testing;

/// <summary>Finds the Azurite that the repository's npm lock file installs.</summary>
public static class AzuriteProgram
{
    /// <summary>The path named by <c>VOREL_AZURITE</c>, else <c>node_modules/.bin/azurite</c> in this or a parent folder.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("VOREL_AZURITE") is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? named
                : throw new FileNotFoundException("VOREL_AZURITE names a file that does not exist.", named);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "node_modules", ".bin", "azurite");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException("Azurite is not installed: run `npm ci` at the root of the repository (it needs Node 20).");
    }
}
