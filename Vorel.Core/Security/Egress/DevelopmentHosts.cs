namespace Vorel.Core.Security.Egress;

/// <summary>
/// The exact <c>host:port</c> pairs that may be plain http and on loopback: receivers of a local installation. Never a
/// pattern, never a whole host; where the setting is read, it is refused on Azure.
/// </summary>
public sealed class DevelopmentHosts
{
    /// <summary>The setting: pairs separated by commas, for example <c>127.0.0.1:7072,localhost:7072</c>.</summary>
    public const string SettingName = "VOREL_DEV_ALLOWED_HOSTS";

    private readonly HashSet<string> _pairs;

    private DevelopmentHosts(IEnumerable<string> pairs) => _pairs = new(pairs, StringComparer.Ordinal);

    /// <summary>No exception at all: what runs in production.</summary>
    public static DevelopmentHosts None { get; } = new([]);

    /// <summary>Reads a comma-separated list of pairs.</summary>
    /// <exception cref="InvalidOperationException">A pair is not <c>host:port</c>.</exception>
    public static DevelopmentHosts Parse(string text) =>
        new(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Checked));

    /// <summary>Whether this very pair is listed.</summary>
    /// <param name="host">Lower case; an IPv6 address without brackets.</param>
    /// <param name="port">The port.</param>
    internal bool Contains(string host, int port) => _pairs.Contains(Pair(host, port));

    private static string Checked(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !EgressAuthority.TryReadPort(text[(colon + 1)..], out var port))
        {
            throw new InvalidOperationException($"{SettingName} holds \"{text}\", which is not host:port.");
        }

        return Pair(text[..colon].ToLowerInvariant().Trim('[', ']'), port);
    }

    private static string Pair(string host, int port) => $"{host}|{port}";
}
