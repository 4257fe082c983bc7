using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Tests.Hosting;

public sealed class HubLockTests
{
    private readonly string _storage = $"AccountName=a{Guid.NewGuid():N};AccountKey=secret;TableEndpoint=http://127.0.0.1:1/a";

    [Fact]
    public void A_hub_has_one_owner_at_a_time()
    {
        using (HubLock.Take(_storage, "hub"))
        {
            var refusal = Assert.Throws<IOException>(() => HubLock.Take(_storage, "hub"));
            Assert.Contains("Another local host works on the Durable hub 'hub'", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        }

        HubLock.Take(_storage, "hub").Dispose();
    }

    [Fact]
    public void Other_hubs_and_other_accounts_are_free()
    {
        using var hub = HubLock.Take(_storage, "hub");
        HubLock.Take(_storage, "hub2").Dispose();
        HubLock.Take(_storage.Replace(":1/", ":2/", StringComparison.Ordinal), "hub").Dispose();
    }
}
