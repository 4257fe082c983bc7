using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Every attack on a target's text, at every door: entered as a subscription, entered as a CRM, and found in a row when it is about to be called.</summary>
[Trait("Area", "hostile")]
public sealed class TargetUrlAttackTests
{
    private readonly List<string> _resolved = [];

    public static TheoryData<string, EgressRefusal> Attacks { get; } = new()
    {
        // Ourselves and our neighbours, spelled out.
        { "https://127.0.0.1/", EgressRefusal.Address },
        { "https://127.0.0.1:65535/", EgressRefusal.Address },
        { "https://127.255.255.254/", EgressRefusal.Address },
        { "https://0.0.0.0/", EgressRefusal.Address },
        { "https://255.255.255.255/", EgressRefusal.Address },
        { "https://224.0.0.251:5353/", EgressRefusal.Address },
        { "https://192.168.0.1/cgi-bin/reboot", EgressRefusal.Address },
        { "https://10.0.0.4:10250/pods", EgressRefusal.Address },
        { "https://100.100.100.200/latest/meta-data/", EgressRefusal.Address },
        { "https://192.0.0.192/opc/v2/instance/", EgressRefusal.Address },
        { "https://169.254.169.254/metadata/identity/oauth2/token?resource=https://vault.azure.net", EgressRefusal.Address },
        { "https://169.254.130.4:8081/msi/token", EgressRefusal.Address },
        { "https://168.63.129.16:32526/vmSettings", EgressRefusal.Address },
        { "https://[::]/", EgressRefusal.Address },
        { "https://[::1]:7071/admin/host/status", EgressRefusal.Address },
        { "https://[0000:0000:0000:0000:0000:0000:0000:0001]/", EgressRefusal.Address },
        { "https://[::127.0.0.1]/", EgressRefusal.Address },
        { "https://[::ffff:0:127.0.0.1]/", EgressRefusal.Address },
        { "https://[::FFFF:169.254.169.254]/", EgressRefusal.Address },
        { "https://[64:ff9b::169.254.169.254]/", EgressRefusal.Address },
        { "https://[64:ff9b:1::a9fe:a9fe]/", EgressRefusal.Address },
        { "https://[2002:7f00:1::]/", EgressRefusal.Address },
        { "https://[2001:0:7f00:1::]/", EgressRefusal.Address },
        { "https://[2606:4700::5efe:127.0.0.1]/", EgressRefusal.Address },
        { "https://[fd00:ec2::254]/latest/meta-data/", EgressRefusal.Address },
        { "https://[fe80::1]/", EgressRefusal.Address },
        { "https://[fec0::1]/", EgressRefusal.Address },
        { "https://[ff02::1]/", EgressRefusal.Address },

        // Names that lead nowhere else.
        { "https://localhost/", EgressRefusal.Address },
        { "https://LocalHost:443/", EgressRefusal.Address },
        { "https://anything.localhost/", EgressRefusal.Address },
        { "https://localhost.localdomain/", EgressRefusal.Address },
        { "https://metadata.google.internal/computeMetadata/v1/", EgressRefusal.Address },
        { "https://host.docker.internal/", EgressRefusal.Address },
        { "https://kubernetes.default.svc.cluster.local/", EgressRefusal.Address },
        { "https://router.home.arpa/", EgressRefusal.Address },
        { "https://nas.lan/", EgressRefusal.Address },
        { "https://metadata/", EgressRefusal.Host },
        { "https://wpad/", EgressRefusal.Host },

        // One address, every spelling that some parser takes.
        { "https://2130706433/", EgressRefusal.Host },
        { "https://4294967295/", EgressRefusal.Host },
        { "https://18446744071692484608/", EgressRefusal.Host },
        { "https://0x7f000001/", EgressRefusal.Host },
        { "https://0X7F000001/", EgressRefusal.Host },
        { "https://0x0000000000000007f000001/", EgressRefusal.Host },
        { "https://017700000001/", EgressRefusal.Host },
        { "https://0177.0.0.1/", EgressRefusal.Host },
        { "https://0177.0x0.0.1/", EgressRefusal.Host },
        { "https://0300.0250.0.1/", EgressRefusal.Host },
        { "https://000000127.000.000.001/", EgressRefusal.Host },
        { "https://127.1/", EgressRefusal.Host },
        { "https://127.0.1/", EgressRefusal.Host },
        { "https://0/", EgressRefusal.Host },
        { "https://0x/", EgressRefusal.Host },
        { "https://127.0.0.1./", EgressRefusal.Host },
        { "https://127.0.0.1../", EgressRefusal.Host },
        { "https://127.0.0.256/", EgressRefusal.Host },
        { "https://127.0.0.-1/", EgressRefusal.Host },
        { "https://127..0.0.1/", EgressRefusal.Host },
        { "https://[127.0.0.1]/", EgressRefusal.Host },
        { "https://127%2e0%2e0%2e1/", EgressRefusal.Host },
        { "https://%31%32%37.0.0.1/", EgressRefusal.Host },
        { "https://①②⑦.⓪.⓪.①/", EgressRefusal.Malformed },
        { "https://127。0。0。1/", EgressRefusal.Malformed },
        { "https://127．0．0．1/", EgressRefusal.Malformed },
        { "https://١٢٧.٠.٠.١/", EgressRefusal.Malformed },

        // IPv6 text that is more than an address.
        { "https://[fe80::1%25eth0]/", EgressRefusal.Host },
        { "https://[fe80::1%eth0]/", EgressRefusal.Host },
        { "https://[2606:4700::1111%250]/", EgressRefusal.Host },
        { "https://[::1/", EgressRefusal.Host },
        { "https://::1]/", EgressRefusal.Host },
        { "https://[[::1]]/", EgressRefusal.Host },
        { "https://[::1]@/", EgressRefusal.UserInfo },
        { "https://[v1.::1]/", EgressRefusal.Host },
        { "https://[::1.2.3]/", EgressRefusal.Host },
        { "https://[1:2:3:4:5:6:7:8:9]/", EgressRefusal.Host },

        // A host that is not the one it looks like.
        { "https://hooks.example.com@127.0.0.1/", EgressRefusal.UserInfo },
        { "https://hooks.example.com%40127.0.0.1/", EgressRefusal.Host },
        { "https://a.example&@b.example#@127.0.0.1/", EgressRefusal.UserInfo },
        { "https://:@hooks.example.com/", EgressRefusal.UserInfo },
        { "https://hooks.example.com:443:80@127.0.0.1/", EgressRefusal.UserInfo },
        { "https://hooks.example.com\\@127.0.0.1/", EgressRefusal.Malformed },
        { "https://hooks.example.com\\.evil.example/", EgressRefusal.Malformed },
        { "https:\\\\127.0.0.1\\", EgressRefusal.Malformed },
        { "https://hooks.example.com%00.evil.example/", EgressRefusal.Host },
        { "https://hooks.example.com%2f@127.0.0.1/", EgressRefusal.UserInfo },
        { "https://hooks.example.com;127.0.0.1/", EgressRefusal.Host },
        { "https://hooks.example.com,127.0.0.1/", EgressRefusal.Host },
        { "https://hooks.example.com|127.0.0.1/", EgressRefusal.Host },
        { "https://*.example.com/", EgressRefusal.Host },
        { "https://localhost./", EgressRefusal.Host },
        { "https://localhost%2e/", EgressRefusal.Host },
        { "https://hooks.example.com./", EgressRefusal.Host },
        { "https://./", EgressRefusal.Host },
        { "https://../", EgressRefusal.Host },
        { "https://xn--/", EgressRefusal.Host },
        { "https://xn--localhost-/", EgressRefusal.Host },
        { "https://hooks_.example.com/", EgressRefusal.Host },
        { "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", EgressRefusal.Malformed },
        { "https://loc\u00ADalhost/", EgressRefusal.Malformed },
        { "https://local\u200Bhost/", EgressRefusal.Malformed },
        { "https://local\u2060host/", EgressRefusal.Malformed },
        { "https://\u202Emoc.elpmaxe\u202C.evil.example/", EgressRefusal.Malformed },
        { "https://аpple.com/", EgressRefusal.Malformed },
        { "https://faß.de/", EgressRefusal.Malformed },

        // What a line-based reader, a parser or a log would trip over.
        { "\uFEFFhttps://hooks.example.com/", EgressRefusal.Malformed },
        { "https://hooks.example.com/\r\nX-Identity-Header: 1", EgressRefusal.Malformed },
        { "https://hooks.example.com/\nHost: 127.0.0.1", EgressRefusal.Malformed },
        { "ht\ntps://hooks.example.com/", EgressRefusal.Malformed },
        { "https://hooks.example.com\t/", EgressRefusal.Malformed },
        { "https://hooks.example.com/\0", EgressRefusal.Malformed },
        { "https://hooks.example.com/\u0085", EgressRefusal.Malformed },
        { "https://hooks.example.com/\u2028", EgressRefusal.Malformed },
        { "https://hooks.example.com/\ud800", EgressRefusal.Malformed },
        { " https://hooks.example.com/", EgressRefusal.Malformed },
        { "https://hooks.example.com /", EgressRefusal.Malformed },
        { "", EgressRefusal.Malformed },

        // Other ways to call.
        { "http://hooks.example.com/", EgressRefusal.Scheme },
        { "HTTP://hooks.example.com/", EgressRefusal.Scheme },
        { "file:///proc/self/environ", EgressRefusal.Scheme },
        { "file://hooks.example.com/share", EgressRefusal.Scheme },
        { "//hooks.example.com/", EgressRefusal.Scheme },
        { "ftp://hooks.example.com/", EgressRefusal.Scheme },
        { "gopher://127.0.0.1:6379/_FLUSHALL", EgressRefusal.Scheme },
        { "dict://127.0.0.1:11211/stats", EgressRefusal.Scheme },
        { "ldap://127.0.0.1/", EgressRefusal.Scheme },
        { "jar:https://hooks.example.com!/", EgressRefusal.Scheme },
        { "data:text/plain,x", EgressRefusal.Scheme },
        { "javascript:alert(1)", EgressRefusal.Scheme },
        { "wss://hooks.example.com/", EgressRefusal.Scheme },
        { "net.pipe://localhost/", EgressRefusal.Scheme },
        { "https:hooks.example.com", EgressRefusal.Scheme },
        { "https:/hooks.example.com", EgressRefusal.Scheme },
        { "https", EgressRefusal.Scheme },
        { "https:///hooks.example.com", EgressRefusal.Host },
        { "https:////hooks.example.com", EgressRefusal.Host },

        // Ports.
        { "https://hooks.example.com:0/", EgressRefusal.Port },
        { "https://hooks.example.com:65536/", EgressRefusal.Port },
        { "https://hooks.example.com:4294967739/", EgressRefusal.Port },
        { "https://hooks.example.com:-443/", EgressRefusal.Port },
        { "https://hooks.example.com:+443/", EgressRefusal.Port },
        { "https://hooks.example.com:00443/", EgressRefusal.Port },
        { "https://hooks.example.com:0x1bb/", EgressRefusal.Port },
        { "https://hooks.example.com:443a/", EgressRefusal.Port },
        { "https://hooks.example.com:/", EgressRefusal.Port },
        { "https://hooks.example.com:44%33/", EgressRefusal.Port },
        { "https://:443/", EgressRefusal.Host },

        // Size.
        { "https://hooks.example.com/" + new string('a', 100_000), EgressRefusal.Malformed },
        { "https://" + new string('a', 64) + ".example.com/", EgressRefusal.Host },
        { "https://hooks.example.com/?" + string.Join('&', Enumerable.Range(0, 10_000).Select(number => $"p{number}=1")), EgressRefusal.Malformed },
        { "https://hooks.example.com/" + new string('{', 1_000), EgressRefusal.Malformed },

        // Ourselves by name, in any dress.
        { "https://api.vorel.example/v1/leads", EgressRefusal.Own },
        { "https://API.VOREL.EXAMPLE:8443/", EgressRefusal.Own },
        { "https://api.vorel.example#https://hooks.example.com/", EgressRefusal.Own },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Is_refused_for_one_reason_whoever_enters_it_and_never_called(string url, EgressRefusal refusal)
    {
        var guard = new EgressGuard(DevelopmentHosts.None, Resolve) { OwnHosts = new HashSet<string> { "api.vorel.example" } };
        var world = new World(egress: guard);

        var refused = Assert.Throws<EgressRefusedException>(() => guard.Check(url));
        var subscribing = await Assert.ThrowsAsync<ValidationException>(() => world.Subscriptions.Create(world.Tenant, url, ["lead.created"], null, AuditActor.System, default));
        var connecting = Assert.Throws<ValidationException>(() => CustomWebhooks.Enter(guard, url, null));
        using var sender = new WebhookSender(guard, TimeProvider.System);
        var attempt = await sender.Send(new WebhookRequest(url, "whsec_x", "{}"u8.ToArray()), default);
        using var crm = LooseDrivers.Registry(guard, TimeProvider.System);
        var opening = Assert.Throws<CrmException>(() => crm.Open("custom_webhook", Credentials(url)));

        Assert.Equal(refusal, refused.Refusal);
        Assert.Equal([new FieldError("/target_url", refused.Message)], subscribing.Errors);
        Assert.Equal([new FieldError("/url", refused.Message)], connecting.Errors);
        Assert.Equal((null, AttemptError.Guard), (attempt.Status, attempt.Error));
        Assert.Equal((CrmErrorCode.ValidationError, refused.Message), (opening.Code, opening.Message));
        Assert.Empty(_resolved);
        Assert.Empty(world.Store.Inner.Dump());
        Assert.Empty(world.Queue.Inner.Messages(WorkQueues.Live));
    }

    private static JsonElement Credentials(string url) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["url"] = url, ["secret"] = "a-secret-of-the-callers-own" });

    private Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken)
    {
        _resolved.Add(host);
        return Task.FromResult<IPAddress[]>([]);
    }
}
