using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Webhooks;
using Vorel.Fakes;

namespace Vorel.Core.Tests.Crm.Drivers.CustomWebhook;

/// <summary>The stage of the custom webhook: its receiver keeps records of all types in one place.</summary>
public sealed class CustomWebhookStage : CrmStage
{
    private readonly string _secret = WebhookSecret.Generate();

    public CustomWebhookStage() => Receiver = new FakeCustomWebhook(_secret);

    public FakeCustomWebhook Receiver { get; }

    public override IEnumerable<string> Secrets => [_secret];

    protected override Uri Target => Receiver.Address;

    public override ICrmDriver Open() => Open(_secret);

    public override ICrmDriver OpenStranger() => Open(WebhookSecret.Generate());

    public override int Count(CrmObject crmObject) => Receiver.Records.Values.Count(record => !record.ContainsKey("archived"));

    public override string TextOf(string externalId) =>
        string.Join('\n', Receiver.Records[externalId].Select(field => $"{field.Key}: {(field.Value is JsonValue value ? value.ToString() : field.Value?.ToJsonString())}"));

    public override bool? IsGone(string externalId) => !Receiver.Records.TryGetValue(externalId, out var record) ? true : record.ContainsKey("archived") ? false : null;

    public override async Task Start()
    {
        await Receiver.Start();
        await base.Start();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private ICrmDriver Open(string secret) => Registry.Open(new CrmDriverContext(
        "custom_webhook",
        "a",
        JsonSerializer.SerializeToElement(new JsonObject { ["url"] = new Uri(Front.Address, "/in").ToString(), ["secret"] = secret }),
        Tokens: null));
}
