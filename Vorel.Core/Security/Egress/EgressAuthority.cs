using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vorel.Core.Security.Egress;

/// <summary>
/// The host and port of a URL, read strictly from the text itself. <see cref="Uri"/> is too kind: it takes <c>0x7f.1</c>,
/// <c>2130706433</c>, full-width and circled digits, and soft hyphens, and turns them into loopback.
/// </summary>
internal sealed record EgressAuthority(string Host, int? Port, IPAddress? Address)
{
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> s_addressCharacters = SearchValues.Create("0123456789abcdef:.");

    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[v6]:port</c>. The host comes out in lower case, without brackets.</summary>
    public static EgressAuthority Parse(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            throw new EgressRefusedException(EgressRefusal.UserInfo, "The URL must not carry a user name or password.");
        }

        var (host, portText) = Split(text.ToLowerInvariant());
        int? port = null;
        if (portText is not null)
        {
            port = TryReadPort(portText, out var value) ? value
                : throw new EgressRefusedException(EgressRefusal.Port, "The port must be a plain number from 1 to 65535.");
        }

        if (host.StartsWith('['))
        {
            var address = ReadIPv6(host);
            return new EgressAuthority(address.ToString(), port, address);
        }

        CheckName(host);
        return new EgressAuthority(host, port, ReadIPv4(host));
    }

    /// <summary>A port in its one spelling: ASCII digits, no leading zero, 1 to 65535.</summary>
    public static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is >= 1 and <= ushort.MaxValue
            && text[0] != '0';

    private static (string Host, string? Port) Split(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (end <= 0 || end == text.Length)
        {
            return (text, null);
        }

        return text[end] == ':' ? (text[..end], text[(end + 1)..]) : throw BadHost();
    }

    private static IPAddress ReadIPv6(string host)
    {
        // No zone id: "%eth0" names an interface of ours.
        var inner = host.Length > 2 && host[^1] == ']' ? host.AsSpan(1, host.Length - 2) : [];
        return !inner.IsEmpty
            && !inner.ContainsAnyExcept(s_addressCharacters)
            && IPAddress.TryParse(inner, out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6
                ? address
                : throw BadHost();
    }

    // A host whose last label is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number"); of the many
    // spellings only four plain decimal numbers are taken.
    private static IPAddress? ReadIPv4(string host)
    {
        var last = host[(host.LastIndexOf('.') + 1)..];
        var numeric = char.IsAsciiDigit(last[0])
            && (last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.Ordinal));
        if (!numeric)
        {
            return null;
        }

        return IPAddress.TryParse(host, out var address) && address.ToString() == host ? address : throw BadHost();
    }

    private static void CheckName(string host)
    {
        var valid = host.Length is > 0 and <= MaxNameLength
            && host.Split('.').All(label =>
                label.Length is > 0 and <= MaxLabelLength
                && label[0] != '-'
                && label[^1] != '-'
                && !label.AsSpan().ContainsAnyExcept(s_nameCharacters));
        if (!valid)
        {
            throw BadHost();
        }
    }

    private static EgressRefusedException BadHost() => new(
        EgressRefusal.Host,
        "The host must be a full DNS name (international names in their xn-- form, no dot at the end) or a plainly written IP address.");
}
