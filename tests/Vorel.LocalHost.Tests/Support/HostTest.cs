using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>A test over one host in this process: a published app, the handler behind it, and the address in front.</summary>
public abstract class HostTest : IAsyncLifetime
{
    private readonly HttpMode? _mode;

    private protected HostTest(TestApp app, HttpMode? mode = null)
    {
        App = app;
        _mode = mode;
    }

    private protected TestApp App { get; }

    private protected RawHandler Handler { get; } = new();

    private protected TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await TestHost.Start(
        App, Handler, options: new LocalHostOptions { AppRoot = App.Root, Storage = "unused", DurableStorage = "unused", HttpMode = _mode });

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Handler.DisposeAsync();
        App.Dispose();
    }
}
