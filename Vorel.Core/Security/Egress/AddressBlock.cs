using System.Globalization;
using System.Net;

namespace Vorel.Core.Security.Egress;

/// <summary>
/// A block of addresses of one family, compared bit by bit. Not <see cref="IPNetwork"/>: that one looks through
/// v4-mapped addresses, so that <c>::ffff:8.8.8.8</c> counts as inside of <c>2000::/3</c>.
/// </summary>
internal sealed class AddressBlock
{
    private readonly byte[] _prefix;
    private readonly int _bits;

    private AddressBlock(byte[] prefix, int bits)
    {
        _prefix = prefix;
        _bits = bits;
    }

    /// <summary>Reads CIDR notation.</summary>
    public static AddressBlock Parse(string cidr)
    {
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        return new AddressBlock(
            IPAddress.Parse(cidr.AsSpan(0, slash)).GetAddressBytes(),
            int.Parse(cidr.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>Whether <paramref name="address"/> (4 or 16 bytes) lies in this block.</summary>
    public bool Contains(ReadOnlySpan<byte> address)
    {
        if (address.Length != _prefix.Length)
        {
            return false;
        }

        var whole = _bits / 8;
        var rest = 8 - (_bits % 8);
        return address[..whole].SequenceEqual(_prefix.AsSpan(0, whole))
            && (rest == 8 || address[whole] >> rest == _prefix[whole] >> rest);
    }
}
