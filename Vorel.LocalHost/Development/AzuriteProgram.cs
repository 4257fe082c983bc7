namespace Vorel.LocalHost.Development;

/// <summary>Finds the Azurite that the repository's npm lock file installs.</summary>
public static class AzuriteProgram
{
    /// <summary>The path named by <c>VOREL_AZURITE</c>, else <c>node_modules/.bin/azurite</c> in a folder or one of its parents.</summary>
    /// <exception cref="DevelopmentException">There is none.</exception>
    public static string Find(string folder)
    {
        if (Environment.GetEnvironmentVariable("VOREL_AZURITE") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new DevelopmentException("VOREL_AZURITE names a file that does not exist.");
        }

        for (var place = new DirectoryInfo(folder); place is not null; place = place.Parent)
        {
            var candidate = Path.Combine(place.FullName, "node_modules", ".bin", "azurite");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DevelopmentException("Azurite is not installed here: run `npm ci` in the repository's folder (it needs Node 20).");
    }
}
