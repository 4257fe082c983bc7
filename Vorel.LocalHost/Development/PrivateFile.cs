namespace Vorel.LocalHost.Development;

/// <summary>Files with secrets in them.</summary>
internal static class PrivateFile
{
    /// <summary>Opens a new file that only its owner may read.</summary>
    /// <exception cref="IOException">It exists already.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
