namespace Vorel.Core.Crm.Providers;

/// <summary>
/// Where a provider's public addresses are found on this machine: nowhere else than where they say, except in development, where a stand-in takes
/// the place of an origin. Asked right before a call, so that everything that is stored and checked is the public address.
/// </summary>
public sealed class ProviderOrigins
{
    /// <summary>The setting that names the stand-ins: <c>https://api.example.com=http://127.0.0.1:5001,…</c>.</summary>
    public const string SettingName = "VOREL_DEV_PROVIDER_ORIGINS";

    private readonly Dictionary<string, Uri> _standIns;

    private ProviderOrigins(Dictionary<string, Uri> standIns) => _standIns = standIns;

    /// <summary>Every address is where it says.</summary>
    public static ProviderOrigins Public { get; } = new([]);

    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">It is not a list of pairs of origins, the first https, the second http on loopback. The message repeats nothing of it.</exception>
    public static ProviderOrigins Parse(string text)
    {
        var standIns = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (pair.Split('=') is not [var from, var to]
                || !IsOrigin(from, Uri.UriSchemeHttps, out var provider)
                || !IsOrigin(to, Uri.UriSchemeHttp, out var standIn)
                || !standIn.IsLoopback
                || !standIns.TryAdd(OriginOf(provider), standIn))
            {
                throw new FormatException("It must be a list of https://provider=http://127.0.0.1:port, split by commas, each provider once.");
            }
        }

        return new ProviderOrigins(standIns);
    }

    /// <summary>The address to call for <paramref name="address"/>.</summary>
    public Uri Of(Uri address) => _standIns.TryGetValue(OriginOf(address), out var standIn) ? new Uri(standIn, address.PathAndQuery) : address;

    private static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static bool IsOrigin(string text, string scheme, out Uri origin) =>
        Uri.TryCreate(text, UriKind.Absolute, out origin!) && origin.Scheme == scheme && origin is { PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
