using System.Diagnostics.CodeAnalysis;

namespace Vorel.Azure.KeyVault;

/// <summary>The address of a key, <c>https://{vault}/keys/{name}/{version}</c>, taken apart. Shapes are those of Azure.Security.KeyVault.Keys.</summary>
public sealed record KeyVaultKeyIdentifier
{
    private const int MaxNameLength = 127;
    private const int VersionLength = 32;

    private KeyVaultKeyIdentifier(Uri vaultUri, string name, string? version)
    {
        VaultUri = vaultUri;
        Name = name;
        Version = version;
    }

    /// <summary>The vault, with a slash at its end.</summary>
    public Uri VaultUri { get; }

    /// <summary>The key.</summary>
    public string Name { get; }

    /// <summary>Its version, 32 letters and digits; null where the address names none.</summary>
    public string? Version { get; }

    /// <summary>Reads the one plain spelling of an address: no port, query, fragment or escape, and nothing behind the version.</summary>
    /// <param name="id">The address.</param>
    /// <param name="allowLoopback">Whether a vault may be on loopback, with any scheme and port: in development alone.</param>
    /// <param name="identifier">What it says.</param>
    public static bool TryParse(string? id, bool allowLoopback, [NotNullWhen(true)] out KeyVaultKeyIdentifier? identifier)
    {
        identifier = null;
        if (id is not { Length: > 0 and <= 512 } || !Uri.TryCreate(id, UriKind.Absolute, out var uri) || !KeyVaultDomains.Has(uri, allowLoopback))
        {
            return false;
        }

        var parts = uri.AbsolutePath.Split('/');
        if (parts is not (["", "keys", _] or ["", "keys", _, _]) || !IsName(parts[2]) || (parts.Length == 4 && !IsVersion(parts[3])))
        {
            return false;
        }

        identifier = new KeyVaultKeyIdentifier(new Uri(uri.GetLeftPart(UriPartial.Authority) + "/"), parts[2], parts.Length == 4 ? parts[3] : null);
        return string.Equals(identifier.ToString(), id, StringComparison.Ordinal);
    }

    /// <summary>The address.</summary>
    public override string ToString() => Version is null ? $"{VaultUri}keys/{Name}" : $"{VaultUri}keys/{Name}/{Version}";

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    internal static bool IsVersion(string version) => version.Length == VersionLength && version.All(char.IsAsciiLetterOrDigit);
}
