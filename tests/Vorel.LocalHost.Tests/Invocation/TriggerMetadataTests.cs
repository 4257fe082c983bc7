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
            ["Id=\"\\\"forged\\\"\"", "n=\"\\\"1.50\\\"\"", "yes=\"\\\"True\\\"\"", "o={\"p\":[1]}"],
            metadata.Select(entry => $"{entry.Key}={entry.Value.ToWire()}"));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{broken")]
    public void Other_payloads_add_nothing(string payload)
    {
        var metadata = new Dictionary<string, BindingValue>();
        TriggerMetadata.AddPayload(metadata, payload);
        Assert.Empty(metadata);
    }
}
