using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.CustomWebhook;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Fakes;

namespace Vorel.Core.Tests.Crm.Drivers.CustomWebhook;

public sealed class CustomWebhookDriverTests : CrmDriverContract
{
    private readonly CustomWebhookStage _stage = new();

    protected override CrmStage Stage => _stage;

    private FakeCustomWebhook Receiver => _stage.Receiver;

    [Theory]
    [InlineData(FakeFault.RateLimited)]
    [InlineData(FakeFault.ServerError)]
    [InlineData(FakeFault.Reset)]
    [InlineData(FakeFault.Garbage)]
    public async Task Makes_each_call_once_whatever_comes_of_it(FakeFault fault)
    {
        Receiver.Fault = fault;
        await Fails(() => Create("key-1", Canary));
        Assert.Equal(1, Receiver.Requests);
    }

    [Fact]
    public async Task Posts_exactly_the_agreed_members()
    {
        await Driver.TestConnection(CancellationToken.None);
        await Driver.CreateRecord(CrmObject.Lead, Fields("Zoë"), "r1", CancellationToken.None);
        await Driver.UpdateRecord(CrmObject.Lead, "rec-1", Fields("Zoé"), "r1:2", 2, CancellationToken.None);
        await Driver.DeleteRecord(CrmObject.Lead, "rec-1", CancellationToken.None);

        string[] expected =
        [
            """{"action":"ping"}""",
            """{"action":"create","object":"lead","fields":{"name":"Zoë"},"idempotency_key":"r1","sequence":0}""",
            """{"action":"update","object":"lead","external_id":"rec-1","fields":{"name":"Zoé"},"idempotency_key":"r1:2","sequence":2}""",
            """{"action":"delete","object":"lead","external_id":"rec-1","fields":{},"idempotency_key":"rec-1:delete","sequence":9007199254740991}""",
        ];
        Assert.Equal(expected.Length, Receiver.Bodies.Count);
        Assert.All(
            Receiver.Bodies.Zip(expected),
            pair => Assert.True(JsonNode.DeepEquals(pair.First, JsonNode.Parse(pair.Second)), pair.First.ToJsonString()));
    }

    [Fact]
    public void Posts_letters_of_any_script_as_they_are()
    {
        var message = new CustomWebhookRequest("create") { Fields = new JsonObject { ["content"] = "مرحبا <b>&+'" } };
        Assert.Equal(
            """{"action":"create","fields":{"content":"مرحبا <b>&+'"}}""",
            System.Text.Encoding.UTF8.GetString(CustomWebhookClient.Write(message)));
    }

    [Fact]
    public async Task Gives_the_link_to_the_record()
    {
        var reference = await Driver.CreateRecord(CrmObject.Lead, Fields("a"), "r1", CancellationToken.None);
        Assert.Equal(new CrmReference("rec-1", new Uri("https://crm.example.com/rec-1")), reference);
    }

    [Theory]
    [InlineData("""{"external_id":"1"}""")]
    [InlineData("""{"external_id":"1","record_url":null}""")]
    [InlineData("""{"external_id":"1","and":"more"}""")]
    [InlineData("""{"external_id":"1","record_url":"http://crm.example.com/1"}""")]
    public async Task Takes_answers_with_an_external_id(string body)
    {
        Receiver.Scripted = (200, body);
        Assert.Equal("1", (await Driver.CreateRecord(CrmObject.Lead, Fields("a"), "r1", CancellationToken.None)).ExternalId);
    }

    [Fact]
    public async Task Takes_an_external_id_of_512_characters_and_not_one_more()
    {
        Receiver.Scripted = (201, $$"""{"external_id":"{{new string('x', 512)}}"}""");
        Assert.Equal(512, (await Driver.CreateRecord(CrmObject.Lead, Fields("a"), "r1", CancellationToken.None)).ExternalId.Length);

        await ExpectUnusable($$"""{"external_id":"{{new string('x', 513)}}"}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"external_id":null}""")]
    [InlineData("""{"external_id":""}""")]
    [InlineData("""{"external_id":7}""")]
    [InlineData("""{"external_id":"a\u0000b"}""")]
    [InlineData("""{"external_id":"a\nb"}""")]
    [InlineData("""{"external_id":"1","external_id":"2"}""")]
    [InlineData("""{"external_id":"1"} trailing""")]
    [InlineData("""{"external_id":"1","record_url":"javascript:alert(1)"}""")]
    [InlineData("""{"external_id":"1","record_url":"/relative"}""")]
    [InlineData("""{"external_id":"1","record_url":""}""")]
    [InlineData("""{"external_id":"1","record_url":"https://crm.example.com/ x"}""")]
    [InlineData("""{"external_id":"1","record_url":7}""")]
    public Task Refuses_answers_that_do_not_say_where_the_record_is(string body) => ExpectUnusable(body);

    [Fact]
    public Task Refuses_an_answer_larger_than_64_KiB() =>
        ExpectUnusable($$"""{"external_id":"1","padding":"{{new string('x', 64 * 1024)}}"}""");

    [Theory]
    [InlineData("", CrmDeletion.Soft)]
    [InlineData("{}", CrmDeletion.Soft)]
    [InlineData("""{"deletion":"soft"}""", CrmDeletion.Soft)]
    [InlineData("""{"deletion":"hard"}""", CrmDeletion.Hard)]
    public async Task Reports_the_deletion_that_the_receiver_says(string body, CrmDeletion expected)
    {
        Receiver.Scripted = (200, body);
        Assert.Equal(expected, await Driver.DeleteRecord(CrmObject.Lead, "1", CancellationToken.None));
    }

    [Theory]
    [InlineData(400, CrmErrorCode.ValidationError, false)]
    [InlineData(401, CrmErrorCode.AuthError, false)]
    [InlineData(402, CrmErrorCode.ProviderError, false)]
    [InlineData(403, CrmErrorCode.AuthError, false)]
    [InlineData(404, CrmErrorCode.NotFound, false)]
    [InlineData(405, CrmErrorCode.Unsupported, false)]
    [InlineData(408, CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(409, CrmErrorCode.Conflict, false)]
    [InlineData(410, CrmErrorCode.NotFound, false)]
    [InlineData(413, CrmErrorCode.ValidationError, false)]
    [InlineData(422, CrmErrorCode.ValidationError, false)]
    [InlineData(425, CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(429, CrmErrorCode.RateLimited, true)]
    [InlineData(500, CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(501, CrmErrorCode.Unsupported, false)]
    [InlineData(503, CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(302, CrmErrorCode.ProviderError, true)]
    public async Task Reads_statuses_by_the_table(int status, CrmErrorCode code, bool retryable)
    {
        Receiver.Scripted = (status, """{"error":"Zoë has phone +14155550100"}""");

        var exception = await Assert.ThrowsAsync<CrmException>(
            () => Driver.CreateRecord(CrmObject.Lead, Fields("a"), "r1", CancellationToken.None));

        Assert.Equal((code, retryable), (exception.Code, exception.Retryable));
        Assert.DoesNotContain("Zoë", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains($"HTTP {status}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(405)]
    [InlineData(501)]
    public async Task Reports_a_receiver_that_does_not_delete(int status)
    {
        Receiver.Scripted = (status, "");
        var exception = await Assert.ThrowsAsync<CrmException>(() => Driver.DeleteRecord(CrmObject.Lead, "1", CancellationToken.None));
        Assert.Equal((CrmErrorCode.DeleteUnsupported, false), (exception.Code, exception.Retryable));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"url":"https://hooks.example.com/"}""")]
    [InlineData("""{"url":"https://hooks.example.com/","secret":""}""")]
    [InlineData("""{"url":"https://hooks.example.com/","secret":null}""")]
    [InlineData("""{"url":"https://127.0.0.1/","secret":"whsec_canary"}""")]
    [InlineData("""{"url":"http://hooks.example.com/","secret":"whsec_canary"}""")]
    public void Refuses_unusable_credentials_without_showing_them(string credentials)
    {
        using var registry = LooseDrivers.Registry(new EgressGuard(DevelopmentHosts.None), _stage.Clock);
        var exception = Assert.Throws<CrmException>(() => registry.Open("custom_webhook", JsonElement.Parse(credentials)));
        Assert.Equal(CrmErrorCode.ValidationError, exception.Code);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_whose_name_leads_inside_is_unavailable()
    {
        EgressResolver inside = (_, _) => Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Loopback]);
        using var registry = LooseDrivers.Registry(new EgressGuard(DevelopmentHosts.None, inside), _stage.Clock);
        var driver = registry.Open("custom_webhook", JsonElement.Parse("""{"url":"https://hooks.example.com/","secret":"s"}"""));

        var exception = await Assert.ThrowsAsync<CrmException>(() => driver.TestConnection(CancellationToken.None));

        Assert.Equal(CrmErrorCode.ProviderUnavailable, exception.Code);
    }

    private async Task ExpectUnusable(string body)
    {
        Receiver.Scripted = (200, body);
        var exception = await Assert.ThrowsAsync<CrmException>(
            () => Driver.CreateRecord(CrmObject.Lead, Fields("a"), "r1", CancellationToken.None));
        Assert.Equal((CrmErrorCode.ProviderError, true), (exception.Code, exception.Retryable));
    }
}
