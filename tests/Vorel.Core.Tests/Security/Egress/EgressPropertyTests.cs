using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Tests.Security.Egress;

[Trait("Area", "hostile")]
public sealed class EgressPropertyTests
{
    private static readonly EgressGuard Guard = new(DevelopmentHosts.None);

    [Fact]
    public void No_IPv6_form_of_any_IPv4_address_is_public() => Prop.ForAll<DoNotSize<uint>>(any =>
    {
        var value = any.Item;
        var (high, low) = (value >> 16, value & 0xffff);
        string[] forms =
        [
            $"::{high:x}:{low:x}",
            $"::ffff:{high:x}:{low:x}",
            $"::ffff:0:{high:x}:{low:x}",
            $"64:ff9b::{high:x}:{low:x}",
            $"64:ff9b:1::{high:x}:{low:x}",
            $"2002:{high:x}:{low:x}::1",
            $"2001:0:{high:x}:{low:x}::1",
            $"2606:4700::5efe:{high:x}:{low:x}",
            $"2606:4700::200:5efe:{high:x}:{low:x}",
        ];
        return forms.All(form => !EgressAddressPolicy.IsPublic(IPAddress.Parse(form)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_other_spelling_of_any_IPv4_address_is_taken() => Prop.ForAll<DoNotSize<uint>>(any =>
    {
        var value = any.Item;
        var (a, b, c, d) = (value >> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
        string[] spellings =
        [
            $"{value}",
            $"0x{value:x}",
            $"0{Convert.ToString(value, 8)}",
            $"{a}.{value & 0xffffff}",
            $"{a}.{b}.{value & 0xffff}",
            $"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
            $"{a}.{b}.{c}.0x{d:x}",
            $"0{Convert.ToString(a, 8)}.0{Convert.ToString(b, 8)}.0{Convert.ToString(c, 8)}.0{Convert.ToString(d, 8)}",
            $"{a}.{b}.{c}.0{d}",
            $"{a}.{b}.{c}.{d}.",
            $"[{a}.{b}.{c}.{d}]",
        ];
        return spellings.All(spelling => Refuses($"https://{spelling}/"));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_text_of_an_IPv4_address_is_taken_exactly_when_the_address_is_public() => Prop.ForAll<DoNotSize<uint>>(any =>
    {
        var value = any.Item;
        var address = new IPAddress([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        return Refuses($"https://{address}/") == !EgressAddressPolicy.IsPublic(address);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_refused_or_becomes_a_url_that_is_its_own_one_spelling()
    {
        // Pieces from which attacks are made, in any order and number.
        var pieces = Gen.Elements(
            "https://", "http://", "//", "/", "\\", "@", ":", ":443", ":0", "?", "#", ".", "..", "%2e", "%00", "[", "]", "::1", "%25eth0",
            "127.0.0.1", "0x7f", "localhost", "example.com", "xn--", "-", "_", "a", "é", "。", "\u00AD", "\t", "\r\n", "\0", " ", "1", "99999");
        Prop.ForAll(pieces.ListOf().Select(parts => "https://" + string.Concat(parts)).ToArbitrary(), text =>
        {
            try
            {
                var url = Guard.Check(text);
                return url.Uri.Scheme == "https"
                    && !url.Uri.IsLoopback
                    && url.Uri.UserInfo.Length == 0
                    && url.Uri.Fragment.Length == 0
                    && Guard.Check(url.ToString()).ToString() == url.ToString();
            }
            catch (EgressRefusedException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool Refuses(string url)
    {
        try
        {
            Guard.Check(url);
            return false;
        }
        catch (EgressRefusedException)
        {
            return true;
        }
    }
}
