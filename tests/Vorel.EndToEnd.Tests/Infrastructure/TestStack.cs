using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Development;
using Vorel.Testing;
using Vorel.Testing.Faults;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Azurite, the local host and the published handler as processes, with a receiver for webhooks, for one test class.</summary>
internal sealed class TestStack : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _folder;
    private readonly DevelopmentSecrets _secrets;
    private readonly string _appRoot;
    private readonly Dictionary<string, string> _settings;
    private readonly TestStackOptions _options;

    private TestStack(string folder, AzuriteProcess azurite, Receiver receiver, Dictionary<string, string> settings, TestStackOptions options)
    {
        _folder = folder;
        Azurite = azurite;
        Receiver = receiver;
        _appRoot = options.Failpoints ? Repository.HandlerWithFailpoints : Repository.Handler;
        _settings = settings;
        _options = options;
        Faults = options.Faults == FaultsBefore.Nobody ? null : new FaultProxy(azurite.ConnectionString);
        _secrets = DevelopmentSecrets.LoadOrCreate(folder);
    }

    /// <summary>How long the claim of a lost attempt is honoured, in real time.</summary>
    public static TimeSpan AttemptClaim { get; } = TimeSpan.FromSeconds(5);

    public AzuriteProcess Azurite { get; }

    public Receiver Receiver { get; }

    public HostProcess Host { get; private set; } = null!;

    /// <summary>Stands before the storage, if the test asked for it.</summary>
    public FaultProxy? Faults { get; }

    /// <summary>Calls as the operator.</summary>
    public LocalClient Operator { get; private set; } = null!;

    /// <summary>Calls the sandbox.</summary>
    public LocalClient Sandbox { get; private set; } = null!;

    public DevelopmentSecrets Secrets => _secrets;

    /// <summary>Everything the host and the handler have printed.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Where Azurite keeps its data.</summary>
    public string AzuriteFolder => Path.Combine(_folder, "azurite");

    private string FailpointFolder => Path.Combine(_folder, "failpoints");

    public static async Task<TestStack> Start(TestStackOptions? wanted = null)
    {
        var options = wanted ?? new TestStackOptions();
        var folder = Directory.CreateTempSubdirectory("vorel-test-").FullName;
        var azurite = await AzuriteProcess.Start(Repository.Root, Path.Combine(folder, "azurite"), 0, CancellationToken.None);
        var receiver = await Receiver.Start();
        var all = new Dictionary<string, string>
        {
            // Real-time delays, shortened: the queue's own clock cannot be moved.
            ["Vorel__IntentDelay"] = "00:00:06",
            ["Vorel__CommitBudget"] = "00:00:04",
            ["Vorel__MirrorCheckDelay"] = "00:00:02",
            ["Vorel__AttemptTimeout"] = "00:00:04",
            ["Vorel__AttemptClaim"] = AttemptClaim.ToString("c"),
            ["VOREL_DEV_ALLOWED_HOSTS"] = string.Join(',', [receiver.Authority, .. options.AllowedHosts]),
        };
        foreach (var (name, value) in options.Settings)
        {
            all[name] = value;
        }

        var stack = new TestStack(folder, azurite, receiver, all, options);
        receiver.DomainNow = stack.DomainNow;
        if (options.Failpoints)
        {
            Directory.CreateDirectory(stack.FailpointFolder);
            all["VOREL_FAILPOINT_DIR"] = stack.FailpointFolder;
        }

        foreach (var (name, value) in stack._secrets.ToSettings())
        {
            all[name] = value;
        }

        await stack.StartHost();
        return stack;
    }

    /// <summary>Starts the host again, on the same data, after it was killed.</summary>
    public async Task StartHost()
    {
        Host = await HostProcess.Start(
            new HostOptions(Repository.HostAssembly, _appRoot, Faults?.ConnectionString ?? Azurite.ConnectionString, _options.Port, 0, Path.Combine(_folder, "host.json"), _settings)
            {
                DurableConnectionString = _options.Faults == FaultsBefore.HandlerAndHub ? Faults!.ConnectionString : Azurite.ConnectionString,
                HttpMode = _options.HttpMode,
                RecordHistories = _options.RecordHistories,
                DurableChaos = _options.DurableChaos,
                Instances = _options.Instances,
            },
            _lines.Enqueue,
            CancellationToken.None);
        Operator = new LocalClient(Host.Addresses.Host.Address, _secrets.OperatorToken);
        Sandbox = new LocalClient(Host.Addresses.Sandbox);
    }

    /// <summary>
    /// Everything in tables and queues but what ticks on by itself: the local host's own notes (schedules, clock), and the hours that the
    /// retention sweep has come to, which change whenever a test runs over the full hour.
    /// </summary>
    public async Task<IReadOnlyList<string>> Dump() =>
        [.. (await StorageDump.Take(Azurite.ConnectionString)).Where(line =>
            !line.StartsWith("LocalHostState ", StringComparison.Ordinal) && !line.StartsWith("PurgeIndex mark ", StringComparison.Ordinal))];

    /// <summary>Arms a kill point: the first to reach it stops there.</summary>
    public void Arm(string point) => File.WriteAllText(Path.Combine(FailpointFolder, $"{point}.armed"), string.Empty);

    /// <summary>The process that stopped at an armed kill point, which is then free to be armed again; null when none has yet.</summary>
    public int? Reached(string point)
    {
        var reached = Path.Combine(FailpointFolder, $"{point}.reached");
        if (!File.Exists(reached))
        {
            return null;
        }

        var process = int.Parse(File.ReadAllText(reached), CultureInfo.InvariantCulture);
        File.Delete(reached);
        return process;
    }

    public Task<TestTenant> NewTenant(params string[] scopes) =>
        TestTenant.Create(Host.Addresses.Host.Address, Operator, scopes.Length > 0 ? scopes : ["read", "leads:write", "conversations:write"]);

    /// <summary>Moves the domain clock.</summary>
    public Task Advance(TimeSpan by) => Move(new JsonObject { ["by"] = System.Xml.XmlConvert.ToString(by) });

    /// <summary>Jumps to the next durable timer. False when none is set yet.</summary>
    public async Task<bool> TryAdvanceToNext()
    {
        var answer = await Move(new JsonObject { ["to"] = "next" });
        return answer.Status == 200;
    }

    private async Task<LocalAnswer> Move(JsonObject how)
    {
        using var client = new LocalClient(Host.Addresses.Host.Address);
        return await client.Send(HttpMethod.Post, "/admin/clock/advance", how, CancellationToken.None);
    }

    private async Task<DateTimeOffset> DomainNow()
    {
        using var client = new LocalClient(Host.Addresses.Host.Address);
        var clock = await client.Expect(HttpMethod.Get, "/admin/clock", null, CancellationToken.None);
        return DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(clock["offset_ms"]!.GetValue<long>());
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (Environment.GetEnvironmentVariable("VOREL_TEST_LOG") is { } log)
        {
            await File.AppendAllLinesAsync(log, _lines);
        }

        await Receiver.DisposeAsync();
        if (Faults is not null)
        {
            await Faults.DisposeAsync();
        }

        await Azurite.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
