using System.Net;
using System.Net.Sockets;
using System.Text;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Webhooks;

namespace Vorel.Core.Tests.Security.Egress;

[Trait("Area", "hostile")]
public sealed class EgressGuardTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("93.184.216.34", "10.0.0.1")]
    [InlineData("10.0.0.1", "93.184.216.34")]
    [InlineData("2606:4700:4700::1111", "::1")]
    [InlineData("93.184.216.34", "168.63.129.16")]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:93.184.216.34")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.130.4")] // where App Service has its identity endpoint
    [InlineData("10.20.30.40")] // a private endpoint, as a privatelink zone gives it
    [InlineData("100.64.0.1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("64:ff9b::5db8:d822")]
    [InlineData("2002:5db8:d822::1")]
    [InlineData("93.184.216.34", "93.184.216.35", "93.184.216.36", "93.184.216.37", "93.184.216.38", "93.184.216.39", "93.184.216.40", "93.184.216.41", "127.0.0.1")]
    public async Task Refuses_a_name_of_which_any_address_is_not_public(params string[] addresses)
    {
        var guard = new EgressGuard(DevelopmentHosts.None, (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => Get(guard, "https://hooks.example.com/"));

        Assert.Equal(EgressRefusal.Address, Assert.IsType<EgressRefusedException>(exception.InnerException).Refusal);
    }

    [Theory]
    [InlineData("https://api.vorel.example/v1/leads")]
    [InlineData("https://API.Vorel.example:8443/")]
    public void Refuses_our_own_host_at_any_port(string url)
    {
        var guard = new EgressGuard(DevelopmentHosts.None) { OwnHosts = new HashSet<string> { "api.vorel.example" } };
        Assert.Equal(EgressRefusal.Own, Assert.Throws<EgressRefusedException>(() => guard.Check(url)).Refusal);
        Assert.Equal("https://hooks.vorel.example/", guard.Check("https://hooks.vorel.example").ToString());
    }

    [Fact]
    public void A_development_pair_on_our_own_host_is_another_program()
    {
        var guard = new EgressGuard(DevelopmentHosts.Parse("127.0.0.1:7072")) { OwnHosts = new HashSet<string> { "127.0.0.1" } };
        Assert.Equal(7072, guard.Check("http://127.0.0.1:7072/").Uri.Port);
        Assert.Throws<EgressRefusedException>(() => guard.Check("http://127.0.0.1:7071/"));
    }

    [Fact]
    public async Task Refuses_a_private_literal_that_reaches_the_handler_unchecked()
    {
        var guard = new EgressGuard(DevelopmentHosts.None);
        foreach (var url in new[] { "http://127.0.0.1:9/", "http://2130706433:9/", "http://[::1]:9/", "http://127。0。0。1:9/", "http://localhost:9/" })
        {
            var exception = await Assert.ThrowsAsync<HttpRequestException>(() => Get(guard, url));
            Assert.IsType<EgressRefusedException>(exception.InnerException);
        }
    }

    [Fact]
    public async Task Dials_the_addresses_it_checked_and_resolves_once_per_connection()
    {
        await using var receiver = RawReceiver.Saying(Ok);
        var answers = new Queue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.Parse("203.0.113.1")]]);
        var guard = new EgressGuard(DevelopmentHosts.Parse($"flipping.example:{receiver.Port}"), (_, _) => Task.FromResult(answers.Dequeue()));

        await Get(guard, $"http://flipping.example:{receiver.Port}/");

        Assert.Single(receiver.Requests);
        Assert.Single(answers);
    }

    [Fact]
    public async Task A_name_that_flips_to_a_private_address_is_refused_on_its_next_connection()
    {
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("203.0.113.1")], [IPAddress.Loopback]]);
        var guard = new EgressGuard(DevelopmentHosts.None, (_, _) => Task.FromResult(answers.Dequeue()));

        for (var i = 0; i < 2; i++)
        {
            var exception = await Assert.ThrowsAsync<HttpRequestException>(() => Get(guard, "https://flipping.example/"));
            Assert.IsType<EgressRefusedException>(exception.InnerException);
        }
    }

    [Fact]
    public async Task Tries_the_next_address_when_the_first_refuses_the_connection()
    {
        await using var receiver = RawReceiver.Saying(Ok);
        var guard = new EgressGuard(
            DevelopmentHosts.Parse($"two.example:{receiver.Port}"),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));

        Assert.Equal(HttpStatusCode.OK, await Get(guard, $"http://two.example:{receiver.Port}/"));
    }

    [Fact]
    public async Task Dials_at_most_eight_addresses_of_a_name()
    {
        await using var receiver = RawReceiver.Saying(Ok);
        IPAddress[] shut = [.. Enumerable.Range(2, 8).Select(last => new IPAddress([127, 0, 0, (byte)last]))];
        IPAddress[] answer = [.. shut, IPAddress.Loopback];
        var guard = new EgressGuard(DevelopmentHosts.Parse($"many.example:{receiver.Port}"), (_, _) => Task.FromResult(answer));

        await Assert.ThrowsAsync<HttpRequestException>(() => Get(guard, $"http://many.example:{receiver.Port}/"));
        Assert.Empty(receiver.Requests);

        answer = [.. shut[..7], IPAddress.Loopback];
        Assert.Equal(HttpStatusCode.OK, await Get(guard, $"http://many.example:{receiver.Port}/"));
    }

    [Fact]
    public async Task Hosts_share_no_connection_even_at_one_address()
    {
        var connections = 0;
        await using var receiver = new RawReceiver(async (stream, token) =>
        {
            Interlocked.Increment(ref connections);
            do
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok), token);
            }
            while (await stream.ReadAsync(new byte[4096], token) > 0);
        });
        var guard = new EgressGuard(
            DevelopmentHosts.Parse($"one.example:{receiver.Port},two.example:{receiver.Port}"), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        using var http = new HttpMessageInvoker(guard.CreateHandler());

        foreach (var host in new[] { "one", "two", "one", "two" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}.example:{receiver.Port}/");
            using var response = await http.SendAsync(request, CancellationToken.None);
        }

        Assert.Equal(2, connections);
    }

    [Fact]
    public async Task The_development_exception_reaches_a_real_listener_and_its_neighbour_port_stays_shut()
    {
        await using var allowed = RawReceiver.Saying(Ok);
        await using var neighbour = RawReceiver.Saying(Ok);
        var guard = new EgressGuard(DevelopmentHosts.Parse($"127.0.0.1:{allowed.Port}"));

        Assert.Equal(HttpStatusCode.OK, await Get(guard, $"http://127.0.0.1:{allowed.Port}/"));
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => Get(guard, $"http://127.0.0.1:{neighbour.Port}/"));

        Assert.IsType<EgressRefusedException>(exception.InnerException);
        Assert.Empty(neighbour.Requests);
    }

    [Fact]
    public async Task Reaches_an_IPv6_literal_of_the_development_list()
    {
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var guard = new EgressGuard(DevelopmentHosts.Parse($"[::1]:{port}"));

        var getting = Get(guard, guard.Check($"http://[::1]:{port}/").ToString());
        var accepting = listener.AcceptTcpClientAsync();
        await await Task.WhenAny(getting, accepting);
        using var client = await accepting;
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Ok));

        Assert.Equal(HttpStatusCode.OK, await getting);
    }

    [Fact]
    public async Task Uses_no_proxy_of_the_environment()
    {
        await using var receiver = RawReceiver.Saying(Ok);
        using var handler = new EgressGuard(DevelopmentHosts.None).CreateHandler();

        Assert.False(handler.UseProxy);
        Assert.False(handler.UseCookies);
        Assert.False(handler.AllowAutoRedirect);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
    }

    private static async Task<HttpStatusCode> Get(EgressGuard guard, string url)
    {
        using var http = new HttpMessageInvoker(guard.CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await http.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }
}
