using Vorel.Core.Security.Egress;

namespace Vorel.Core.Tests.Security.Egress;

[Trait("Area", "hostile")]
public sealed class EgressUrlTests
{
    private readonly EgressGuard _guard = new(DevelopmentHosts.None);

    [Theory]
    [InlineData("https://hooks.example.com/vorel", "https://hooks.example.com/vorel")]
    [InlineData("https://hooks.example.com", "https://hooks.example.com/")]
    [InlineData("HTTPS://Hooks.Example.COM/Path?A=b", "https://hooks.example.com/Path?A=b")]
    [InlineData("https://hooks.example.com:443/", "https://hooks.example.com/")]
    [InlineData("https://hooks.example.com:8443/x", "https://hooks.example.com:8443/x")]
    [InlineData("https://hooks.example.com?a=1", "https://hooks.example.com/?a=1")]
    [InlineData("https://hooks.example.com/a?b#token", "https://hooks.example.com/a?b")]
    [InlineData("https://hooks.example.com#token", "https://hooks.example.com/")]
    [InlineData("https://hooks.example.com/a@b:c", "https://hooks.example.com/a@b:c")]
    [InlineData("https://xn--pple-43d.com/", "https://xn--pple-43d.com/")]
    [InlineData("https://a-b.1and1.example/", "https://a-b.1and1.example/")]
    [InlineData("https://93.184.216.34/", "https://93.184.216.34/")]
    [InlineData("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/")]
    [InlineData("https://[2606:4700:4700:0:0:0:0:1111]:8443/", "https://[2606:4700:4700::1111]:8443/")]
    [InlineData("https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/")] // refused by its address when it is dialled
    public void Takes_public_https_urls_and_writes_them_in_one_spelling(string text, string expected) =>
        Assert.Equal(expected, _guard.Check(text).ToString());

    [Theory]
    // Not https.
    [InlineData("http://hooks.example.com/", EgressRefusal.Scheme)]
    [InlineData("file:///etc/passwd", EgressRefusal.Scheme)]
    [InlineData("ftp://hooks.example.com/", EgressRefusal.Scheme)]
    [InlineData("gopher://hooks.example.com/", EgressRefusal.Scheme)]
    [InlineData("//hooks.example.com/", EgressRefusal.Scheme)]
    [InlineData("/hooks", EgressRefusal.Scheme)]
    [InlineData("hooks.example.com", EgressRefusal.Scheme)]
    [InlineData("https:hooks.example.com", EgressRefusal.Scheme)]
    [InlineData("https:/hooks.example.com", EgressRefusal.Scheme)]
    [InlineData("javascript:alert(1)", EgressRefusal.Scheme)]
    [InlineData("x-https://hooks.example.com", EgressRefusal.Scheme)]
    [InlineData("://hooks.example.com", EgressRefusal.Scheme)]
    // No URL at all.
    [InlineData(null, EgressRefusal.Malformed)]
    [InlineData("", EgressRefusal.Malformed)]
    [InlineData(" https://hooks.example.com/", EgressRefusal.Malformed)]
    [InlineData("https://hooks.example.com/ ", EgressRefusal.Malformed)]
    [InlineData("https://hooks.example.com/a b", EgressRefusal.Malformed)]
    [InlineData("https://hooks.example.com/\r\nX-Evil: 1", EgressRefusal.Malformed)]
    [InlineData("https://hooks.example.com/\t", EgressRefusal.Malformed)]
    [InlineData("https://hooks.example.com/\0", EgressRefusal.Malformed)]
    [InlineData("https://hooks.example.com/\u007f", EgressRefusal.Malformed)]
    [InlineData("https:\\\\127.0.0.1\\", EgressRefusal.Malformed)]
    [InlineData("https://a.com\\@b.com/", EgressRefusal.Malformed)]
    [InlineData("https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", EgressRefusal.Malformed)]
    [InlineData("https://loc\u00ADalhost/", EgressRefusal.Malformed)]
    [InlineData("https://local\u200Dhost.com/", EgressRefusal.Malformed)]
    [InlineData("https://127。0。0。1/", EgressRefusal.Malformed)]
    [InlineData("https://①②⑦.⓪.⓪.①/", EgressRefusal.Malformed)]
    [InlineData("https://１２７.0.0.1/", EgressRefusal.Malformed)]
    [InlineData("https://аpple.com/", EgressRefusal.Malformed)] // Cyrillic а
    [InlineData("https://hooks.example.com/ü", EgressRefusal.Malformed)]
    // User information.
    [InlineData("https://user@hooks.example.com/", EgressRefusal.UserInfo)]
    [InlineData("https://user:pass@hooks.example.com/", EgressRefusal.UserInfo)]
    [InlineData("https://@hooks.example.com/", EgressRefusal.UserInfo)]
    [InlineData("https://a.com:443@127.0.0.1/", EgressRefusal.UserInfo)]
    // Ports.
    [InlineData("https://hooks.example.com:0/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:65536/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:-1/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:+443/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:0443/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:443:443/", EgressRefusal.Port)]
    [InlineData("https://hooks.example.com:99999999999999999999/", EgressRefusal.Port)]
    // Hosts that are none.
    [InlineData("https://", EgressRefusal.Host)]
    [InlineData("https:///path", EgressRefusal.Host)]
    [InlineData("https://?x", EgressRefusal.Host)]
    [InlineData("https://localhost./", EgressRefusal.Host)]
    [InlineData("https://hooks.example.com./", EgressRefusal.Host)]
    [InlineData("https://hooks..example.com/", EgressRefusal.Host)]
    [InlineData("https://.example.com/", EgressRefusal.Host)]
    [InlineData("https://-a.example.com/", EgressRefusal.Host)]
    [InlineData("https://a-.example.com/", EgressRefusal.Host)]
    [InlineData("https://a_b.example.com/", EgressRefusal.Host)]
    [InlineData("https://hooks%2eexample.com/", EgressRefusal.Host)]
    [InlineData("https://127%2e0.0.1/", EgressRefusal.Host)]
    [InlineData("https://intranet/", EgressRefusal.Host)]
    // IP addresses in disguise.
    [InlineData("https://2130706433/", EgressRefusal.Host)]
    [InlineData("https://0x7f000001/", EgressRefusal.Host)]
    [InlineData("https://017700000001/", EgressRefusal.Host)]
    [InlineData("https://0177.0.0.1/", EgressRefusal.Host)]
    [InlineData("https://0300.0250.0.1/", EgressRefusal.Host)]
    [InlineData("https://0x7f.0.0.0x1/", EgressRefusal.Host)]
    [InlineData("https://127.0.0.01/", EgressRefusal.Host)]
    [InlineData("https://127.1/", EgressRefusal.Host)]
    [InlineData("https://0/", EgressRefusal.Host)]
    [InlineData("https://169.254.43518/", EgressRefusal.Host)]
    [InlineData("https://93.184.216.034/", EgressRefusal.Host)]
    [InlineData("https://256.1.1.1/", EgressRefusal.Host)]
    [InlineData("https://1.2.3.4.5/", EgressRefusal.Host)]
    [InlineData("https://example.123/", EgressRefusal.Host)]
    [InlineData("https://127.0.0.1./", EgressRefusal.Host)]
    [InlineData("https://[::1", EgressRefusal.Host)]
    [InlineData("https://[]/", EgressRefusal.Host)]
    [InlineData("https://[127.0.0.1]/", EgressRefusal.Host)]
    [InlineData("https://[fe80::1%25eth0]/", EgressRefusal.Host)]
    [InlineData("https://[2606:4700::1%1]/", EgressRefusal.Host)]
    [InlineData("https://[2606:4700::1]x/", EgressRefusal.Host)]
    [InlineData("https://[2606:4700::1]443/", EgressRefusal.Host)]
    [InlineData("https://2606:4700::1/", EgressRefusal.Port)]
    // Private addresses and names.
    [InlineData("https://127.0.0.1/", EgressRefusal.Address)]
    [InlineData("https://10.1.2.3/", EgressRefusal.Address)]
    [InlineData("https://169.254.169.254/latest/meta-data/", EgressRefusal.Address)]
    [InlineData("https://168.63.129.16/", EgressRefusal.Address)]
    [InlineData("https://[::1]/", EgressRefusal.Address)]
    [InlineData("https://[::ffff:127.0.0.1]/", EgressRefusal.Address)]
    [InlineData("https://[::ffff:7f00:1]/", EgressRefusal.Address)]
    [InlineData("https://[fd00::1]/", EgressRefusal.Address)]
    [InlineData("https://localhost/", EgressRefusal.Address)]
    [InlineData("https://LOCALHOST:8443/", EgressRefusal.Address)]
    [InlineData("https://foo.localhost/", EgressRefusal.Address)]
    [InlineData("https://metadata.google.internal/", EgressRefusal.Address)]
    [InlineData("https://printer.local/", EgressRefusal.Address)]
    public void Refuses_with_a_typed_reason(string? text, EgressRefusal expected)
    {
        var exception = Assert.Throws<EgressRefusedException>(() => _guard.Check(text));

        Assert.Equal(expected, exception.Refusal);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_2048_characters_and_not_one_more()
    {
        var longest = "https://a.example.com/".PadRight(EgressUrl.MaxLength, 'x');

        Assert.Equal(longest, _guard.Check(longest).ToString());
        Assert.Equal(EgressRefusal.Malformed, Assert.Throws<EgressRefusedException>(() => _guard.Check(longest + "x")).Refusal);
        Assert.Throws<EgressRefusedException>(() => _guard.Check(new string('a', 100_000)));
    }

    [Fact]
    public void Takes_the_longest_name_and_labels_that_DNS_has()
    {
        var label = new string('a', 63);
        Assert.NotNull(_guard.Check($"https://{label}.{label}.{label}.{label[..61]}/"));
        Assert.Throws<EgressRefusedException>(() => _guard.Check($"https://{label}.{label}.{label}.{label[..62]}/"));
        Assert.Throws<EgressRefusedException>(() => _guard.Check($"https://{label}a.example.com/"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7072/in", "http://127.0.0.1:7072/in")]
    [InlineData("https://127.0.0.1:7072/in", "https://127.0.0.1:7072/in")]
    [InlineData("http://LocalHost:7073/in", "http://localhost:7073/in")]
    [InlineData("http://[::1]:7074/in", "http://[::1]:7074/in")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:7074/in", "http://[::1]:7074/in")]
    public void Takes_the_exact_pairs_of_the_development_list_over_http_too(string text, string expected) =>
        Assert.Equal(expected, Development().Check(text).ToString());

    [Theory]
    [InlineData("http://127.0.0.1:7073/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.2:7072/")]
    [InlineData("http://localhost:7072/")]
    [InlineData("http://a.localhost:7073/")]
    [InlineData("http://localhost.:7073/")]
    [InlineData("http://127.1:7072/")]
    [InlineData("http://2130706433:7072/")]
    [InlineData("http://user@127.0.0.1:7072/")]
    [InlineData("ftp://127.0.0.1:7072/")]
    [InlineData("http://hooks.example.com/")]
    public void The_development_list_opens_nothing_beside_its_pairs(string text) =>
        Assert.Throws<EgressRefusedException>(() => Development().Check(text));

    private static EgressGuard Development() => new(DevelopmentHosts.Parse("127.0.0.1:7072, localhost:7073, [::1]:7074"));
}
