using System.Net;
using System.Net.Sockets;

namespace Vorel.Core.Security.Egress;

/// <summary>
/// Which addresses are on the public internet. IPv4: everything but the blocks below. IPv6: only 2000::/3, without the
/// blocks below. Sources: IANA's special-purpose address registries (RFC 6890), Azure's documentation for 168.63.129.16.
/// </summary>
internal static class EgressAddressPolicy
{
    private static readonly AddressBlock s_globalUnicast = AddressBlock.Parse("2000::/3");

    private static readonly AddressBlock[] s_refused =
    [
        .. Blocks(
            "0.0.0.0/8", // "this network"; Linux connects 0.0.0.0 to itself
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // Azure's WireServer: looks public, is the platform
            "169.254.0.0/16", // link-local: instance metadata, App Service identity endpoint
            "172.16.0.0/12", // private
            "192.0.0.0/24", // IETF protocol assignments
            "192.0.2.0/24", // documentation
            "192.31.196.0/24", // AS112
            "192.52.193.0/24", // AMT
            "192.88.99.0/24", // 6to4 relay anycast
            "192.168.0.0/16", // private
            "192.175.48.0/24", // AS112
            "198.18.0.0/15", // benchmarking
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"), // reserved, and broadcast
        .. Blocks(
            "2001::/23", // IETF protocol assignments: Teredo, benchmarking, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, whatever it embeds
            "2620:4f:8000::/48", // AS112
            "3fff::/20"), // documentation
    ];

    /// <summary>Throws unless the address is public.</summary>
    public static void Check(IPAddress address)
    {
        if (!IsPublic(address))
        {
            throw NotPublic();
        }
    }

    /// <summary>
    /// Whether the address is on the public internet. IPv4 written as IPv6 in any way (mapped, compatible, NAT64, 6to4,
    /// Teredo, ISATAP) is not, whatever it embeds: no public DNS name needs it.
    /// </summary>
    public static bool IsPublic(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        bytes = bytes[..length];
        if (address.AddressFamily == AddressFamily.InterNetworkV6
            && (address.ScopeId != 0 || !s_globalUnicast.Contains(bytes) || IsIsatap(bytes)))
        {
            return false;
        }

        foreach (var block in s_refused)
        {
            if (block.Contains(bytes))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The one refusal for every private address: which one it was is not the caller's business.</summary>
    public static EgressRefusedException NotPublic() =>
        new(EgressRefusal.Address, "The host is not, or does not lead to, an address on the public internet.");

    // RFC 5214, 6.1: the interface id is 0000:5efe or 0200:5efe, then an IPv4 address.
    private static bool IsIsatap(ReadOnlySpan<byte> bytes) =>
        bytes[8] is 0x00 or 0x02 && bytes[9] == 0x00 && bytes[10] == 0x5e && bytes[11] == 0xfe;

    private static IEnumerable<AddressBlock> Blocks(params string[] blocks) => blocks.Select(AddressBlock.Parse);
}
