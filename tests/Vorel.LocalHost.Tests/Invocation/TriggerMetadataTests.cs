using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Invocation;

public sealed class TriggerMetadataTests
{
    [Fact]
    public void A_payload_overrides_the_triggers_own_names_and_leaves_arrays_out()
    {
        var metadata = new Dictionary<string, BindingValue> { ["Id"] = BindingValue.Text("real") };
        TriggerMetadata.AddPayload(metadata, """{"Id":"forged","n":1.50,"yes":true,"list":[1],"none":null,"myTrigger":"x","o":{"p":[1]}}""");
        Assert.Equal(
            ["Id=\"\\\"forged\\\"\"", "n=\"\\\"1.5\\\"\"", "yes=\"\\\"True\\\"\"", "o={\"p\":[1]}"],
            metadata.Select(entry => $"{entry.Key}={entry.Value.ToWire()}"));
    }

    [Fact]
    public void Members_are_read_as_newtonsoft_reads_them()
    {
        var metadata = new Dictionary<string, BindingValue>();
        TriggerMetadata.AddPayload(metadata, """{"a":1,"b":"2026-01-02T03:04:05.5+02:00","o":{"at":"2026-01-02T03:04:05.50Z","n":1.10},"a":2.0}""");
        Assert.Equal(
            ["a=\"\\\"2\\\"\"", "b=\"\\\"01/02/2026 01:04:05\\\"\"", "o={\"at\":\"2026-01-02T03:04:05.5Z\",\"n\":1.1}"],
            metadata.Select(entry => $"{entry.Key}={entry.Value.ToWire()}"));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("[1]")]
    [InlineData("{broken")]
    public void Other_payloads_add_nothing(string payload)
    {
        var metadata = new Dictionary<string, BindingValue>();
        TriggerMetadata.AddPayload(metadata, payload);
        Assert.Empty(metadata);
    }
}
