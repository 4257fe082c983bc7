using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Crm;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Durable;
using Vorel.Functions.Tests.Support;
using Vorel.Functions.Triggers.Durable;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Triggers.Durable;

public sealed class FailureDescriptionsTests
{
    private const string Canary = "+1 555 0100";

    public static TheoryData<Exception, string, bool> Told => new()
    {
        { new CrmException(CrmErrorCode.ProviderUnavailable, Canary, retryable: true), "provider_unavailable", true },
        { new CrmException(CrmErrorCode.ValidationError, Canary, retryable: false), "validation_error", false },
        { new StoreUnavailableException(Canary), "store_unavailable", true },
        { new UnavailableException(), "unavailable", true },
        { new NotFoundException(Canary), "not_found", false },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void Of_a_failure_of_the_domain_the_code_is_told_and_whether_to_try_again(Exception exception, string code, bool retriable) =>
        Assert.Equal(new ActivityFailure(exception.GetType().FullName!, code, retriable), FailureDescriptions.Describe(exception));

    [Fact]
    public void Every_crm_code_has_a_word() =>
        Assert.All(Enum.GetValues<CrmErrorCode>(), code => Assert.NotNull(FailureDescriptions.Describe(new CrmException(code, Canary, retryable: true))));

    [Fact]
    public void Of_any_other_exception_nothing_is_told() => Assert.Null(FailureDescriptions.Describe(new InvalidOperationException(Canary)));

    [Fact]
    public async Task An_activity_of_the_handler_answers_with_the_code()
    {
        var store = new FaultyStore(new InMemoryRowStore()) { Before = (_, _, _) => throw new StoreUnavailableException(Canary) };
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IRowStore>(store));
        await using var call = api.Handler.Services.CreateAsyncScope();
        var input = """{"tenant":"01a1fd74-fa09-7de3-ab90-dc88294bb513","delivery":"01a1fd74-fa09-7de3-ab90-dc88294bb514"}""";

        var answer = await api.Handler.Services.GetRequiredService<ActivityEndpoint>()
            .ExecuteAsync("LoadDelivery", input, "delivery:1", call.ServiceProvider, CancellationToken.None);

        Assert.Equal(
            """{"ok":false,"error":{"type":"Vorel.Core.Storage.StoreUnavailableException","message":"store_unavailable","retriable":true}}""", answer);
    }
}
