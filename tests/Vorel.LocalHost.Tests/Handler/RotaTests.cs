using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Handler;

/// <summary>Who is sent what, with handlers that keep every request.</summary>
[Trait("Area", "host")]
public sealed class RotaTests : IAsyncLifetime
{
    private readonly TestApp _app = new TestApp().Http("Api", "{*path}")
        .Function("Flow", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""")
        .Function("Act", """{"type":"activityTrigger","direction":"in","name":"input"}""")
        .Function("Live", """{"type":"queueTrigger","direction":"in","name":"message","queueName":"live"}""")
        .Function("Tick", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 * * * * *"}""");

    private readonly List<RawHandler> _handlers = [];
    private TestHost _host = null!;

    private IReadOnlyList<HandlerInstance> Instances => _host.Get<HandlerPool>().Instances;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        foreach (var handler in _handlers)
        {
            await handler.DisposeAsync();
        }

        _app.Dispose();
    }

    [Fact]
    public async Task Each_handler_is_sent_the_functions_of_its_groups_alone()
    {
        await Start(3);
        await Get();
        foreach (var function in new[] { "Flow", "Act", "Live", "Tick" })
        {
            Assert.IsType<InvocationResult.Success>(await Invoke(_host.Get<IFunctionInvoker>(), function));
        }

        Assert.Equal(["GET /any", "POST /Flow POST /Act", "POST /Live POST /Tick"], _handlers.Select(Calls));
        var bound = _host.Get<Func<IHandlers, IFunctionInvoker>>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Invoke(bound(Instances[1].Gate), "Live"));
        Assert.Equal(2, _handlers[1].Requests.Count);
    }

    [Fact]
    public async Task Calls_go_in_turn_over_the_ready_instances_of_a_group()
    {
        await Start(6); // http, durable, Live, Tick, http#2, durable#2
        for (var call = 0; call < 4; call++)
        {
            await Get();
            await Invoke(_host.Get<IFunctionInvoker>(), "Act");
        }

        Assert.Equal([2, 2, 0, 0, 2, 2], _handlers.Select(handler => handler.Requests.Count));

        Instances[0].Gate.Close();
        await Get();
        await Get();
        Assert.Equal([2, 4], new[] { _handlers[0].Requests.Count, _handlers[4].Requests.Count });

        Instances[4].Gate.Close();
        var waiting = Get();
        Assert.False(waiting.IsCompleted);
        _ = Instances[4].Gate.Open(_handlers[4].Endpoint);
        await waiting;
        Assert.Equal([2, 5], new[] { _handlers[0].Requests.Count, _handlers[4].Requests.Count });
    }

    [Fact]
    public async Task A_function_that_overruns_its_time_costs_its_own_instance_alone()
    {
        await Start(6);
        var restarts = Instances.Zip(_handlers, (instance, handler) => instance.Gate.Open(handler.Endpoint)).ToList();
        _host.Get<HandlerPool>().Restart(_handlers[4].Endpoint);
        await restarts[4];
        Assert.Equal([false, false, false, false, true, false], restarts.Select(restart => restart.IsCompleted));
    }

    private static string Calls(RawHandler handler) => string.Join(' ', handler.Requests.Select(request => request.Line[..^" HTTP/1.1".Length]));

    private async Task Start(int instances)
    {
        _handlers.AddRange(Enumerable.Range(0, instances).Select(_ => new RawHandler()));
        _host = await TestHost.Start(
            _app, _handlers[0], options: new LocalHostOptions { AppRoot = _app.Root, Storage = "unused", DurableStorage = "unused", Instances = instances });
        foreach (var (instance, handler) in Instances.Zip(_handlers).Skip(1))
        {
            _ = instance.Gate.Open(handler.Endpoint);
        }
    }

    private async Task Get()
    {
        using var answer = await _host.Client.GetAsync(new Uri("/any", UriKind.Relative));
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private Task<InvocationResult> Invoke(IFunctionInvoker invoker, string function) => invoker.Invoke(
        _app.Catalog.Functions.Single(candidate => candidate.Name == function),
        new Dictionary<string, BindingValue>(),
        new Dictionary<string, BindingValue>(),
        CancellationToken.None);
}
