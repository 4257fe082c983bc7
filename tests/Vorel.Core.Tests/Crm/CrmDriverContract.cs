using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm;

/// <summary>
/// What every driver owes its callers, whatever its provider. A provider's test class derives from this, brings its
/// stand-in, and adds only what is peculiar to the provider.
/// </summary>
public abstract class CrmDriverContract : IAsyncLifetime
{
    private const string Canary = "Zoë \u2028 +14155550100";

    /// <summary>The clock of the drivers' time limits.</summary>
    protected FakeTimeProvider Clock { get; } = new();

    /// <summary>The provider's stand-in, started.</summary>
    protected abstract FakeCrm Crm { get; }

    /// <summary>A driver with a credential that the stand-in takes.</summary>
    protected abstract ICrmDriver Driver { get; }

    /// <summary>A driver with a credential that it does not take.</summary>
    protected abstract ICrmDriver Stranger { get; }

    private ICrmDriver[] Both => [Driver, Stranger];

    /// <inheritdoc/>
    public Task InitializeAsync() => Crm.Start();

    /// <inheritdoc/>
    public virtual async Task DisposeAsync() => await Crm.DisposeAsync();

    [Fact]
    public async Task The_connection_test_passes_with_the_right_credential_and_changes_nothing()
    {
        await Driver.TestConnection(CancellationToken.None);
        Assert.Empty(Crm.Records);
    }

    [Fact]
    public async Task Every_call_with_a_wrong_credential_is_an_auth_error_that_no_retry_mends()
    {
        foreach (var call in Writes(Stranger).Append(() => Stranger.TestConnection(CancellationToken.None)))
        {
            var exception = await Assert.ThrowsAsync<CrmException>(call);
            Assert.Equal((CrmErrorCode.AuthError, false), (exception.Code, exception.Retryable));
        }

        Assert.Empty(Crm.Records);
    }

    [Fact]
    public async Task A_created_record_is_there_with_its_fields()
    {
        var reference = await Create("key-1", Canary);
        Assert.Contains(Canary, Crm.Records[reference.ExternalId].Select(field => field.Value!.ToString()));
    }

    [Fact]
    public async Task A_repeated_key_makes_no_second_record()
    {
        var first = await Create("key-1", "a");
        var second = await Create("key-1", "a");
        Assert.Equal(first, second);
        Assert.Single(Crm.Records);
        Assert.NotEqual(first, await Create("key-2", "a"));
    }

    [Fact]
    public async Task An_update_changes_the_named_fields_alone()
    {
        var reference = await Driver.CreateRecord(
            CrmObject.Lead, new CrmFields(new JsonObject { ["name"] = "before", ["phone"] = "+1" }), "key-1", CancellationToken.None);
        await Driver.UpdateRecord(CrmObject.Lead, reference.ExternalId, Fields("after"), "key-1:2", 2, CancellationToken.None);

        var values = Crm.Records[reference.ExternalId].Select(field => field.Value!.ToString()).ToArray();
        Assert.Contains("after", values);
        Assert.Contains("+1", values);
        Assert.DoesNotContain("before", values);
    }

    [Fact]
    public async Task An_update_of_a_record_that_is_not_there_is_not_found()
    {
        var exception = await Assert.ThrowsAsync<CrmException>(
            () => Driver.UpdateRecord(CrmObject.Lead, "nowhere", Fields("a"), "key:2", 2, CancellationToken.None));
        Assert.Equal((CrmErrorCode.NotFound, false), (exception.Code, exception.Retryable));
    }

    [Fact]
    public async Task A_delete_does_what_the_capabilities_say()
    {
        var reference = await Create("key-1", "a");
        if (Driver.Capabilities.Deletes is null)
        {
            var exception = await Assert.ThrowsAsync<CrmException>(() => Delete(reference.ExternalId));
            Assert.Equal((CrmErrorCode.DeleteUnsupported, false), (exception.Code, exception.Retryable));
            return;
        }

        var deletion = await Delete(reference.ExternalId);

        Assert.Equal(Driver.Capabilities.Deletes, deletion);
        Assert.Equal(deletion == CrmDeletion.Soft, Crm.Records.TryGetValue(reference.ExternalId, out var left) && left.ContainsKey("archived"));
        Assert.Equal(CrmErrorCode.NotFound, (await Assert.ThrowsAsync<CrmException>(() => Delete(reference.ExternalId))).Code);
    }

    [Fact]
    public async Task Reading_works_exactly_where_the_capabilities_say_so()
    {
        Func<Task>[] reads =
        [
            () => Driver.LookupCustomer(new CustomerQuery("+14155550100", null, null), CancellationToken.None),
            () => Driver.SearchRecords(CrmObject.Lead, "a", 10, CancellationToken.None),
            () => Driver.ListRecent(CrmObject.Lead, DateTimeOffset.UnixEpoch, 10, CancellationToken.None),
        ];
        foreach (var read in reads)
        {
            var exception = await Record.ExceptionAsync(read);
            Assert.Equal(Driver.Capabilities.CanRead, exception is null);
            Assert.True(exception is null or CrmException { Code: CrmErrorCode.Unsupported, Retryable: false });
        }
    }

    [Theory]
    [InlineData(FakeFault.RateLimited, CrmErrorCode.RateLimited)]
    [InlineData(FakeFault.ServerError, CrmErrorCode.ProviderUnavailable)]
    [InlineData(FakeFault.Reset, CrmErrorCode.ProviderUnavailable)]
    [InlineData(FakeFault.Garbage, CrmErrorCode.ProviderError)]
    public async Task Every_write_reports_a_passing_fault_as_retryable_and_makes_one_call_only(FakeFault fault, CrmErrorCode code)
    {
        Crm.Fault = fault;
        var calls = 0;
        foreach (var call in Writes(Driver))
        {
            var exception = await Assert.ThrowsAsync<CrmException>(call);
            Assert.Equal((code, true), (exception.Code, exception.Retryable));
            Assert.Equal(fault == FakeFault.RateLimited ? TimeSpan.FromSeconds(30) : null, exception.RetryAfter);
            Assert.DoesNotContain("Zoë", exception.ToString(), StringComparison.Ordinal);
            Assert.Equal(++calls, Crm.Requests);
        }
    }

    [Fact]
    public async Task Gives_up_on_a_provider_that_hangs()
    {
        Crm.Fault = FakeFault.Hang;
        foreach (var call in Writes(Driver))
        {
            var requests = Crm.Requests;
            var calling = Assert.ThrowsAsync<CrmException>(call);
            await Eventually.True(() => Crm.Requests > requests, "the request arrives");
            Clock.Advance(TimeSpan.FromSeconds(10));
            var exception = await Eventually.Within(calling, "the driver gives up");
            Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (exception.Code, exception.Retryable));
        }
    }

    [Fact]
    public async Task Lets_the_cancellation_of_its_caller_through()
    {
        Crm.Fault = FakeFault.Hang;
        using var cancel = new CancellationTokenSource();
        var calling = Driver.CreateRecord(CrmObject.Lead, Fields("a"), "key-1", cancel.Token);
        await Eventually.True(() => Crm.Requests > 0, "the request arrives");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
    }

    [Fact]
    public void Says_the_same_of_itself_whatever_the_credential() =>
        Assert.Single(Both.Select(driver => (driver.Capabilities.CanRead, driver.Capabilities.Deletes, driver.Capabilities.Objects.Count)).Distinct());

    /// <summary>A field that every provider can hold.</summary>
    protected static CrmFields Fields(string name) => new(new JsonObject { ["name"] = name });

    private Task<CrmReference> Create(string key, string name) => Driver.CreateRecord(CrmObject.Lead, Fields(name), key, CancellationToken.None);

    private Task<CrmDeletion> Delete(string externalId) => Driver.DeleteRecord(CrmObject.Lead, externalId, CancellationToken.None);

    private static IEnumerable<Func<Task>> Writes(ICrmDriver driver) =>
    [
        () => driver.CreateRecord(CrmObject.Lead, Fields(Canary), "key-1", CancellationToken.None),
        () => driver.UpdateRecord(CrmObject.Lead, "rec-1", Fields(Canary), "key-1:2", 2, CancellationToken.None),
        () => driver.DeleteRecord(CrmObject.Lead, "rec-1", CancellationToken.None),
    ];
}
