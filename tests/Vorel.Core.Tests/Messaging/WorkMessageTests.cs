using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Messaging;

public sealed class WorkMessageTests
{
    private const string Tenant = "0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    private const string Todo = "todo|mirror|lead:0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b|0000000000000000001";

    [Fact]
    public void Every_kind_of_message_reads_back_as_it_was_written()
    {
        var tenant = new TenantId(Guid.Parse(Tenant));
        WorkMessage[] messages =
        [
            new WorkMessage.Intent(tenant, "outbox|" + Uuid7.ToKey(Guid.Parse(Tenant))),
            new WorkMessage.Check(tenant, RecordKinds.Lead, Guid.Parse(Tenant)),
            new WorkMessage.Redrive(tenant, Guid.Parse(Tenant), null),
            new WorkMessage.Redrive(tenant, Guid.Parse(Tenant), Todo),
            new WorkMessage.Rewrap(Guid.Parse(Tenant), null),
            new WorkMessage.Rewrap(Guid.Parse(Tenant), $"{Tenant}|credential|TenantCredentials|credential|1"),
            new WorkMessage.Sweep(),
            new WorkMessage.Check(tenant, RecordKinds.Lead, Guid.Parse(Tenant), new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero).AddTicks(1234567)),
        ];
        Assert.All(messages, message => Assert.Equal(message, WorkMessage.Parse(message.ToJson())));
        Assert.Equal($$"""{"v":1,"kind":"redrive","tenant":"{{Tenant}}","id":"{{Tenant}}"}""", messages[2].ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"v":2,"kind":"redrive","id":"T","tenant":"T"}""")]
    [InlineData("""{"v":1,"kind":"unknown","tenant":"T"}""")]
    [InlineData("""{"v":1,"kind":"redrive","id":"T","tenant":"none"}""")]
    [InlineData("""{"v":1,"kind":"rewrap"}""")]
    [InlineData("""{"v":1,"kind":"rewrap","id":"none"}""")]
    [InlineData("""{"v":1,"kind":"rewrap","id":"T","tenant":"T"}""")]
    [InlineData("""{"v":1,"kind":"rewrap","id":"T","after":"T"}""")]
    [InlineData("""{"v":1,"kind":"rewrap","id":"T","after":"none|credential|TenantCredentials|1"}""")]
    [InlineData("""{"v":1,"kind":"redrive","id":"T","tenant":"T","after":"lead|1"}""")]
    [InlineData("""{"v":1,"kind":"redrive","id":"T","tenant":"T","row":"outbox|1"}""")]
    [InlineData("""{"v":1,"kind":"redrive","id":"T","tenant":"T","more":1}""")]
    [InlineData("""{"v":1,"kind":"redrive","tenant":"T"}""")]
    [InlineData("""{"v":1,"kind":"redrive","tenant":"T","id":"none"}""")]
    [InlineData("""{"v":1,"kind":"redrive","tenant":"T","id":"T","record":"lead:T"}""")]
    [InlineData("""{"v":1,"kind":"sweep","id":"T"}""")]
    [InlineData("""{"v":1,"kind":"check","tenant":"T","id":"T","record":"lead:T"}""")]
    [InlineData("""{"v":1,"kind":"intent","tenant":"T","row":"lead|1"}""")]
    [InlineData("""{"v":1,"kind":"intent","tenant":"T"}""")]
    [InlineData("""{"v":1,"kind":"check","tenant":"T","record":"offering:T"}""")]
    [InlineData("""{"v":1,"kind":"sweep","tenant":"T"}""")]
    [InlineData("""{"v":1,"kind":"sweep","after":"T"}""")]
    [InlineData("""{"v":1,"kind":"check","tenant":"T","record":"lead:T","after":"yesterday"}""")]
    [InlineData("""{"v":1,"kind":"check","tenant":"T","record":"lead:T","record":"lead:T"}""")]
    public void What_is_no_message_of_this_version_is_none(string json) =>
        Assert.Null(WorkMessage.Parse(json.Replace("\"T\"", $"\"{Tenant}\"", StringComparison.Ordinal).Replace(":T", ":" + Tenant, StringComparison.Ordinal)));
}
