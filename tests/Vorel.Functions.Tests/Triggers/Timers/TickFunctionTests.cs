using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;
using Vorel.Functions.Triggers.Timers;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Triggers.Timers;

public sealed class TickFunctionTests
{
    private const string Message = """{"v":1,"kind":"redrive","tenant":"0198c0de-0000-7000-8000-000000000000","id":"0198c0de-0000-7000-8000-000000000000"}""";

    [Fact]
    public async Task While_what_is_due_cannot_be_read_poisoned_messages_still_come_back()
    {
        var store = new FaultyStore(new InMemoryRowStore()) { Before = (_, _, _) => throw new StoreUnavailableException("down") };
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IRowStore>(store));
        await api.Queue.Put("live-poison", Message, TimeSpan.Zero, CancellationToken.None);
        await using var call = api.Handler.Services.CreateAsyncScope();
        var tick = ActivatorUtilities.CreateInstance<TickFunction>(call.ServiceProvider);

        // The client is for the services, which have none to start here.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tick.Run(new TimerInfo(IsPastDue: false), client: null!, CancellationToken.None));

        Assert.Empty(api.Queue.Messages("live-poison"));
        Assert.Equal([Message], api.Queue.Messages(WorkQueues.Live).Select(message => message.Body));
    }
}
