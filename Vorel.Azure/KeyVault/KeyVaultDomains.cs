namespace Vorel.Azure.KeyVault;

/// <summary>The domains that vaults and managed HSMs live in. Only what lives in one of them is ever sent a token, and only one for that domain.</summary>
/// <remarks>https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates (DNS suffixes)</remarks>
internal static class KeyVaultDomains
{
    private static readonly string[] s_all =
    [
        "vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net",
        "managedhsm.azure.net", "managedhsm.azure.cn", "managedhsm.usgovcloudapi.net",
    ];

    /// <summary>Whether an address may be a vault's: https, a name directly below one of the domains, the usual port; with <paramref name="allowLoopback"/> also one on loopback.</summary>
    public static bool Has(Uri vault, bool allowLoopback) =>
        (allowLoopback && IsOnLoopback(vault))
        || (vault.Scheme == Uri.UriSchemeHttps && vault.IsDefaultPort && vault.UserInfo.Length == 0 && DomainOf(vault) is { } domain
            && IsName(vault.Host.AsSpan(0, vault.Host.Length - domain.Length - 1)));

    /// <summary>Whether a token for <paramref name="resource"/> may be asked for to be shown to <paramref name="vault"/>: it is the one of the vault's own domain.</summary>
    public static bool Owns(Uri vault, string resource) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var asked)
        && asked is { Scheme: "https", IsDefaultPort: true, AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && (vault.IsLoopback ? s_all.Contains(asked.Host, StringComparer.Ordinal) : asked.Host == DomainOf(vault));

    private static bool IsOnLoopback(Uri vault) => vault is { IsLoopback: true, Scheme: "http" or "https", UserInfo: "" };

    private static string? DomainOf(Uri vault) => Array.Find(s_all, domain => vault.Host.EndsWith('.' + domain, StringComparison.Ordinal));

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '-')
            {
                return false;
            }
        }

        return name.Length is > 2 and < 25;
    }
}
