using System.Diagnostics;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Fakes;
using Vorel.LocalHost.Development;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// A stack whose processes may all be killed, with tenants that write. The CRM and the subscribers stand in the test's own process: they are
/// other people's systems, and remember what our processes forget.
/// </summary>
internal sealed class CrashStage : IAsyncDisposable
{
    private const string CrmSecret = "crm-secret-of-this-very-test";
    private static readonly TimeSpan s_up = TimeSpan.FromSeconds(60);

    private readonly List<CrashTenant> _tenants = [];
    private readonly HashSet<int> _killed = [];

    private CrashStage(TestStack stack, FakeCustomWebhook crm)
    {
        Stack = stack;
        Crm = crm;
    }

    public TestStack Stack { get; }

    public FakeCustomWebhook Crm { get; }

    public IReadOnlyList<CrashTenant> Tenants => _tenants;

    public static async Task<CrashStage> Start(TestStackOptions options, int tenants, int keysPerTenant)
    {
        var crm = new FakeCustomWebhook(CrmSecret);
        await crm.Start();
        var stack = await TestStack.Start(options with { AllowedHosts = [crm.Address.Authority] });
        stack.Receiver.DomainNow = () => Task.FromResult(DateTimeOffset.UtcNow); // Not the host's: it may be dead.
        var stage = new CrashStage(stack, crm);
        for (var number = 0; number < tenants; number++)
        {
            Assert.True(await stage.Connect(await stage.NewTenant(keysPerTenant)));
        }

        return stage;
    }

    /// <summary>One more tenant, still without a CRM.</summary>
    public async Task<CrashTenant> NewTenant(int keys)
    {
        _tenants.Add(await CrashTenant.Create(Stack, _tenants.Count, keys));
        return _tenants[^1];
    }

    /// <summary>Connects a tenant's CRM. False where the call was not answered with success.</summary>
    public Task<bool> Connect(CrashTenant tenant) => tenant.Connect(Stack, Crm.Address, CrmSecret);

    /// <summary>SIGKILL to a handler process; the host starts another.</summary>
    public void Kill(StackHandler handler)
    {
        _killed.Add(handler.ProcessId);
        try
        {
            using var process = Process.GetProcessById(handler.ProcessId);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It had just ended, by its host's doing.
        }
    }

    /// <summary>SIGKILL to the local host; its handlers see that and end themselves. Then all of it again, on the same data.</summary>
    public async Task KillHost()
    {
        var handlers = Stack.Host.CurrentAddresses().Handlers;
        await Stack.Host.Kill();
        await Eventually.True(() => handlers.All(handler => !IsAlive(handler.ProcessId)), "the handlers of a dead host end", s_up);
        await Stack.StartHost();
    }

    /// <summary>Waits until every handler takes calls. A lone handler that dies too often takes the host with it, which is then started again.</summary>
    public Task UntilUp() => Eventually.True(
        async () =>
        {
            if (Stack.Host.HasExited)
            {
                await Stack.StartHost();
            }

            return Stack.Host.CurrentAddresses().Handlers.All(handler => handler.State == HandlerState.Running && !_killed.Contains(handler.ProcessId));
        },
        "every handler is up",
        s_up);

    public async ValueTask DisposeAsync()
    {
        await Stack.DisposeAsync();
        await Crm.DisposeAsync();
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
