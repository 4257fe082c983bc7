using Microsoft.AspNetCore.Http;
using Vorel.Azure.Queues;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>A stage with a tenant whose CRM does what a scenario says.</summary>
public sealed class MirrorStageFixture : GoldenStageFixture
{
    private int _writes;

    internal TestTenant Tenant { get; private set; } = null!;

    /// <summary>How many writes the CRM got in this scenario.</summary>
    internal int Writes => _writes;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Tenant = await Stage.Stack.NewTenant();
        await Tenant.ConnectCrm(Crm(Created), "crm-secret-of-these-scenarios");

        // The new connection's search for what it is owed must not meet a record of the scenarios.
        var commands = new QueueServiceClient(Stage.Stack.Azurite.ConnectionString).GetQueueClient("commands");
        await Eventually.True(async () => (await commands.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0, "the backlog was looked through");
    }

    public override async Task DisposeAsync()
    {
        Tenant.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>The write worked.</summary>
    internal static async Task Created(HttpContext context)
    {
        context.Response.StatusCode = 201;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"external_id":"crm-1"}""");
    }

    /// <summary>The write did not work.</summary>
    internal static Func<HttpContext, Task> Refused(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>What the CRM does with the writes of a scenario, one after the other; the last again and again.</summary>
    internal string Crm(params Func<HttpContext, Task>[] answers)
    {
        _writes = 0;
        return Stage.Receiver.Url("crm", (_, context) => answers[Math.Min(Interlocked.Increment(ref _writes), answers.Length) - 1](context));
    }
}
