using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.Azure.Queues;
using Vorel.Core.Events;
using Vorel.Core.Tenants;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>A stack of which everything that it keeps or prints can be searched: storage, what is sealed in it, histories, logs.</summary>
internal sealed class PrivacyStage : IAsyncDisposable
{
    private const string CrmSecret = "crm-secret-of-this-very-test";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    // Real-time delays, shortened: the clock of queues cannot be moved.
    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01",
        ["AzureFunctionsJobHost__extensions__queues__maxDequeueCount"] = "3",
        ["Vorel__PoisonRest"] = "00:00:02",
    };

    private readonly DirectoryInfo _histories;
    private readonly DomainServices _domain;

    private PrivacyStage(DirectoryInfo histories, TestStack stack, TestTenant tenant)
    {
        _histories = histories;
        Stack = stack;
        Tenant = tenant;
        _domain = new DomainServices(stack);
        Planting = new Planting(stack, tenant, _domain);
        Parties = new EchoingParties(stack.Receiver);
    }

    public TestStack Stack { get; }

    public TestTenant Tenant { get; }

    public Planting Planting { get; }

    public EchoingParties Parties { get; }

    public static async Task<PrivacyStage> Start()
    {
        var histories = Directory.CreateTempSubdirectory("vorel-histories-");
        var stack = await TestStack.Start(new TestStackOptions
        {
            Failpoints = true,
            Faults = FaultsBefore.Handler,
            RecordHistories = histories.FullName,
            Settings = s_settings,
        });
        var stage = new PrivacyStage(histories, stack, await stack.NewTenant());
        await stage.Tenant.ConnectCrm(stage.Parties.Crm(), CrmSecret);
        await stage.Tenant.Subscribe(stage.Parties.Consumer(200), [.. EventNames.All]);
        await stage.Tenant.Subscribe(stage.Parties.Consumer(500), EventNames.LeadCreated);
        await stage.Tenant.Subscribe(stage.Parties.Consumer(422), EventNames.ConversationCreated);
        return stage;
    }

    /// <summary>A line for each thing that is kept or was printed, each saying first where: a table's row and column, a queue's message, a log.</summary>
    public async Task<IReadOnlyList<string>> Everything() =>
    [
        .. await StorageDump.Take(Stack.Azurite.ConnectionString),
        .. await Opened(),
        .. _histories.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => $"history {File.ReadAllText(file.FullName)}"),
        .. Stack.Lines.Select(line => $"log {line}"),
    ];

    /// <summary>What lies in the payload tables, opened with the stack's own secrets.</summary>
    public async Task<IReadOnlyList<string>> Opened()
    {
        var opened = new List<string>();
        foreach (var row in (await Stack.Dump()).Select(line => line.Split(' ')).Where(parts => parts is [var table, _, _] && table.StartsWith("Payloads", StringComparison.Ordinal)))
        {
            Assert.True(TenantId.TryParse(row[1], out var tenant));
            var text = row[2].Split('|') switch
            {
                [var id] when Guid.TryParseExact(id, "D", out var eventId) => await _domain.Vault.Read(tenant, eventId, default),
                [var id, var delivery, var attempt] => await _domain.Vault.ReadExcerpt(tenant, Guid.Parse(id), Guid.Parse(delivery), int.Parse(attempt, CultureInfo.InvariantCulture), default),
                _ => null, // The day's key.
            };
            opened.Add($"{row[0]} {row[1]} {row[2]} opened = {(text is null ? "" : Encoding.UTF8.GetString(text))}");
        }

        return opened;
    }

    /// <summary>Puts a text into queue <c>live</c> just as it is.</summary>
    public Task PutRaw(string text) =>
        new QueueClient(Stack.Azurite.ConnectionString, "live", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }).SendMessageAsync(text);

    /// <summary>SIGKILL to the handler once it has reached a kill point, while <paramref name="work"/> goes on.</summary>
    public async Task KillAt(string point, Func<Task> work)
    {
        Stack.Arm(point);
        var working = work();
        int? id = null;
        await Eventually.True(() => (id = Stack.Reached(point)) is not null, $"the handler reached '{point}'", s_patience);
        using var process = Process.GetProcessById(id!.Value);
        process.Kill();
        await working;
        await Eventually.True(() => Stack.Host.CurrentAddresses().Handlers.All(handler => handler.ProcessId != id), "a new handler is up", s_patience);
    }

    /// <summary>Lets time pass, from timer to timer where there are any and by <paramref name="step"/> every few seconds, until a condition holds.</summary>
    public Task Until(Func<Task<bool>> condition, string what, TimeSpan step, bool leap = true)
    {
        long? moved = null;
        return Eventually.True(
            async () =>
            {
                if (await condition())
                {
                    return true;
                }

                if (leap)
                {
                    await Stack.TryAdvanceToNext();
                }

                if (moved is not { } since || Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(2))
                {
                    await Stack.Advance(step);
                    moved = Stopwatch.GetTimestamp();
                }

                return false;
            },
            what,
            s_patience);
    }

    /// <summary>The tenant's incidents of a status.</summary>
    public async Task<IReadOnlyList<JsonNode>> Incidents(string status)
    {
        var page = await Stack.Operator.Expect(HttpMethod.Get, $"/api/tenant/{Tenant.Id}/incidents", null, default);
        return [.. page["data"]!.AsArray().Select(incident => incident!).Where(incident => incident["status"]!.GetValue<string>() == status)];
    }

    public async ValueTask DisposeAsync()
    {
        Planting.Dispose();
        Tenant.Dispose();
        await Stack.DisposeAsync();
        _histories.Delete(recursive: true);
    }
}
