using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;
using Vorel.Testing;
using static Vorel.Core.Tests.Webhooks.WebhookSenderTests;

namespace Vorel.Core.Tests.Webhooks;

/// <summary>What the network does to an attempt before there is an answer.</summary>
[Trait("Area", "hostile")]
public sealed class WebhookSenderNetworkTests
{
    [Fact]
    public async Task Takes_a_connection_closed_without_an_answer_for_a_failed_connection()
    {
        await using var receiver = RawReceiver.Saying("");
        var outcome = await Send(receiver);
        Assert.Equal((null, AttemptError.Connection), (outcome.Status, outcome.Error));
    }

    [Fact]
    public async Task Takes_a_reset_for_a_failed_connection()
    {
        await using var receiver = new RawReceiver((stream, _) =>
        {
            stream.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
            stream.Socket.Close();
            return Task.CompletedTask;
        });
        Assert.Equal(AttemptError.Connection, (await Send(receiver)).Error);
    }

    [Fact]
    public async Task Takes_a_refused_connection_for_a_failed_connection()
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var sender = Sender(port);

        Assert.Equal(AttemptError.Connection, (await sender.Send(Request(port), CancellationToken.None)).Error);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.NoData)]
    public async Task Takes_a_name_that_does_not_resolve_for_dns(SocketError error)
    {
        using var sender = new WebhookSender(new EgressGuard(DevelopmentHosts.None, (_, _) => throw new SocketException((int)error)), TimeProvider.System);
        Assert.Equal(AttemptError.Dns, (await sender.Send(new("https://hooks.example.com/", Secret, Body), CancellationToken.None)).Error);
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("http://hooks.example.com/")]
    [InlineData("not a url")]
    public async Task Takes_a_url_that_the_guard_refuses_for_guard(string url)
    {
        using var sender = new WebhookSender(new EgressGuard(DevelopmentHosts.None), TimeProvider.System);
        var outcome = await sender.Send(new(url, Secret, Body), CancellationToken.None);
        Assert.Equal((null, AttemptError.Guard), (outcome.Status, outcome.Error));
    }

    [Fact]
    public async Task Takes_a_name_that_leads_inside_for_guard()
    {
        using var sender = new WebhookSender(new EgressGuard(DevelopmentHosts.None, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])), TimeProvider.System);
        Assert.Equal(AttemptError.Guard, (await sender.Send(new("https://hooks.example.com/", Secret, Body), CancellationToken.None)).Error);
    }
}
