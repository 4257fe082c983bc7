using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vorel.Durable;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Durable.Recording;
using Vorel.Testing;
using Vorel.Testing.Faults;
using Vorel.Testing.Golden;

namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>
/// A stack whose hub records histories. What a scenario brings about is held against the golden history of its path; with
/// <c>./test record</c> it becomes that history.
/// </summary>
internal sealed partial class GoldenStage : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly bool s_recording = Environment.GetEnvironmentVariable("VOREL_RECORD_HISTORIES") == "1";
    private readonly DirectoryInfo _folder;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<RecordedHistory> _ended = [];
    private readonly HttpClient _http = new();

    private GoldenStage(DirectoryInfo folder, TestStack stack)
    {
        _folder = folder;
        Stack = stack;
    }

    public TestStack Stack { get; }

    public Receiver Receiver => Stack.Receiver;

    /// <summary>The hub's clients' side, to do what an operator of the hub can.</summary>
    public DurableTaskClient Hub => new(
        _http, new Uri(Sidecar().Match(Stack.Lines.Last(line => Sidecar().IsMatch(line))).Groups["address"].Value), StageJson.Default.Options);

    /// <param name="claim">How long the claim of a lost attempt is honoured, in real time; as every stack has it if not given.</param>
    public static async Task<GoldenStage> Start(TimeSpan? claim = null)
    {
        var folder = Directory.CreateTempSubdirectory("vorel-histories-");
        var settings = new Dictionary<string, string>
        {
            ["Vorel__AttemptClaim"] = (claim ?? TestStack.AttemptClaim).ToString("c"),
            // Nobody looks after the orchestrations but the scenario.
            ["Vorel__MirrorCheckDelay"] = "01:00:00",
        };
        return new GoldenStage(folder, await TestStack.Start(new TestStackOptions { Settings = settings, Faults = FaultsBefore.HandlerAndHub, RecordHistories = folder.FullName }));
    }

    /// <summary>Holds a history against the golden one of this path, or makes it the golden one.</summary>
    public static void Keep(string path, RecordedHistory history)
    {
        var name = $"{history.Orchestrator}/{path}";
        if (s_recording)
        {
            GoldenFiles.Keep(name, history);
        }

        var golden = GoldenFiles.Find(name);
        Assert.True(golden is not null, $"{name} has no golden history: ./test record makes it.");
        Assert.True(
            HistoryShape.Of(golden).SequenceEqual(HistoryShape.Of(history)),
            $"{name} went another way than its golden history. Golden:\n{Lines(golden)}\nNow:\n{Lines(history)}\ntests/golden/README.md says what to do.");
    }

    /// <summary>Starts an instance by hand. One that has ended starts again.</summary>
    public Task Start(string orchestrator, string instanceId, JsonObject input) =>
        Hub.ScheduleNewOrchestrationInstanceAsync(orchestrator, JsonElement.Parse(input.ToJsonString()), new StartOrchestrationOptions(instanceId));

    /// <summary>Jumps from timer to timer until the instance has ended. Executions of one instance come one after the other.</summary>
    public Task<RecordedHistory> RunToEnd(string instanceId) => Eventually.NotNull(
        async () =>
        {
            if (await Ended(instanceId) is not { } history)
            {
                await Stack.TryAdvanceToNext();
                return null;
            }

            return history;
        },
        $"{instanceId} ends",
        s_limit);

    /// <summary>Waits for the instance's end without moving the clock.</summary>
    public Task<RecordedHistory> End(string instanceId) => Eventually.NotNull(() => Ended(instanceId), $"{instanceId} ends", s_limit);

    /// <summary>
    /// SIGKILL to the handler, and a new one in its place. The hub's storage is away meanwhile: a turn that hears of the lost call
    /// before the host has heard of the dead process would find nobody and fail the instance for good.
    /// </summary>
    public async Task KillHandler()
    {
        using var away = Stack.Faults!.Add(new Fault(FaultKind.Busy) { Service = StorageService.Table });
        var id = Stack.Host.CurrentAddresses().Handlers.Single().ProcessId;
        Process.GetProcessById(id).Kill();
        await Eventually.True(() => Stack.Host.CurrentAddresses().Handlers.Single().ProcessId != id, "a new handler is up", s_limit);
    }

    public async ValueTask DisposeAsync()
    {
        await Stack.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Lines(RecordedHistory history) => string.Join('\n', HistoryShape.Of(history));

    private async Task<RecordedHistory?> Ended(string instanceId)
    {
        foreach (var file in _folder.EnumerateFiles("*.json").Where(file => _read.Add(file.Name)))
        {
            _ended.Add(RecordedHistory.Parse(await File.ReadAllTextAsync(file.FullName)));
        }

        var found = _ended.Find(history => history.InstanceId == instanceId);
        return found is not null && _ended.Remove(found) ? found : null;
    }

    [GeneratedRegex("sidecar at (?<address>http://[^ ]+?)\\.?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sidecar();
}
