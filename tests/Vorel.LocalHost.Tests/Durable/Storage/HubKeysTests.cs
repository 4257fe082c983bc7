using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Tests.Durable.Storage;

public sealed class HubKeysTests
{
    [Theory]
    [InlineData("delivery:018f-ab_c.d", "delivery:018f-ab_c.d")]
    [InlineData("a b", "a~20b")]
    [InlineData("a|b", "a~7cb")]
    [InlineData("a~b", "a~7eb")]
    [InlineData("a~20b", "a~7e20b")]
    [InlineData("é'%", "~c3~a9~27~25")]
    public void A_partition_is_the_instance_id_with_other_characters_escaped(string id, string partition) =>
        Assert.Equal(partition, HubKeys.Partition(id));

    [Fact]
    public void A_row_key_tells_its_kind_its_execution_and_its_number()
    {
        Assert.True(HubKeys.TryParse(HubKeys.Row(HubKeys.Timer, "e1", 7), out var parts));
        Assert.Equal((HubKeys.Timer, "e1", 7), parts);
        Assert.False(HubKeys.TryParse("something else", out _));
        Assert.True(string.CompareOrdinal(HubKeys.Row(HubKeys.Inbox, "e1", 9), HubKeys.Row(HubKeys.Inbox, "e1", 10)) < 0);
    }

    [Theory]
    [InlineData("vorel", "vorelDurable")]
    [InlineData("my-hub_1", "myhub1Durable")]
    [InlineData("1st", "Hub1stDurable")]
    [InlineData("", "HubDurable")]
    public void Any_hub_name_makes_a_table_name(string hub, string table) => Assert.Equal(table, HubKeys.Table(hub));
}
