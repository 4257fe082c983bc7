using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Tests.Hosting;

public sealed class HubLockTests
{
    private readonly string _storage = $"AccountName=account;AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:1/{Guid.NewGuid():N}";

    [Fact]
    public void A_hub_has_one_owner_at_a_time()
    {
        using (HubLock.Take(_storage, "hub"))
        {
            var refusal = Assert.Throws<IOException>(() => HubLock.Take(_storage, "hub"));
            Assert.Contains("Another local host works on the Durable hub 'hub'", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("c2VjcmV0", refusal.ToString(), StringComparison.Ordinal);
        }

        HubLock.Take(_storage, "hub").Dispose();
    }

    [Theory]
    [InlineData("my-hub", "myhub")]
    [InlineData("hub", "HUB")]
    public void Names_that_make_one_table_are_one_hub(string one, string other)
    {
        using var hub = HubLock.Take(_storage, one);
        Assert.Throws<IOException>(() => HubLock.Take("DefaultEndpointsProtocol=http;" + _storage + ";", other));
    }

    [Fact]
    public void Other_hubs_and_other_accounts_are_free()
    {
        using var hub = HubLock.Take(_storage, "hub");
        HubLock.Take(_storage, "hub2").Dispose();
        HubLock.Take(_storage.Replace(":1/", ":2/", StringComparison.Ordinal), "hub").Dispose();
    }
}
