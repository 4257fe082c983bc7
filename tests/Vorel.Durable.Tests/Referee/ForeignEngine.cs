using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Vorel.Durable.Tests.Engine;
using Vorel.Testing;

namespace Vorel.Durable.Tests.Referee;

/// <summary>
/// The in-memory engine of @microsoft/durabletask-js in a process of its own, with this worker's endpoints at the other end of the
/// pipe: its messages are written and read by Microsoft's code, and so are its histories.
/// </summary>
internal sealed class ForeignEngine : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);

    private readonly NodeProcess _node = NodeProcess.Start("tests/referees/durable.mjs");
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;
    private int _next;

    private ForeignEngine(DurableTaskRegistry registry)
    {
        Registry = registry;
        _reading = Read();
    }

    /// <summary>The worker's code; may be changed between instances.</summary>
    public DurableTaskRegistry Registry { get; set; }

    /// <summary>No activity's call comes back.</summary>
    public bool DropsActivities { get; set; }

    public static ForeignEngine Start(DurableTaskRegistry registry) => new(registry);

    public Task<ForeignInstance> StartInstance(string name, string id, string? input = null) =>
        Ask(new() { ["do"] = "start", ["id"] = id, ["name"] = name, ["input"] = input });

    public Task<ForeignInstance> Raise(string id, string name, string? input) =>
        Ask(new() { ["do"] = "raise", ["id"] = id, ["name"] = name, ["input"] = input });

    public Task<ForeignInstance> Suspend(string id) => Ask(new() { ["do"] = "suspend", ["id"] = id });

    public Task<ForeignInstance> Resume(string id) => Ask(new() { ["do"] = "resume", ["id"] = id });

    public Task<ForeignInstance> Terminate(string id, string reason) => Ask(new() { ["do"] = "terminate", ["id"] = id, ["reason"] = reason });

    public Task<ForeignInstance> State(string id) => Ask(new() { ["do"] = "state", ["id"] = id });

    /// <summary>The next turn of an orchestration of this name does not come back: it fails without details, and its parent is told none.</summary>
    public Task Lose(string name) => Send(new() { ["do"] = "lose", ["name"] = name });

    /// <summary>From now on every end of a step is told twice.</summary>
    public Task DoubleEnds() => Send(new() { ["do"] = "double" });

    /// <summary>From now on the engine jumps to its next timer as soon as it has nothing else to do.</summary>
    public Task LetTimeFly() => Send(new() { ["do"] = "fly" });

    /// <summary>Waits until the engine shows this status, or this custom status.</summary>
    public Task<ForeignInstance> Until(string id, string? status = null, string? customStatus = null) =>
        Ask(new() { ["do"] = "until", ["id"] = id, ["status"] = status, ["customStatus"] = customStatus });

    /// <summary>Waits until the engine's history of it is like this.</summary>
    public Task<ForeignInstance> UntilHistory(string id, Func<IReadOnlyList<ForeignEvent>, bool> holds) => Eventually.NotNull(
        async () => await State(id) is var state && holds(state.History) ? state : null, "the history that was waited for");

    /// <summary>Starts one instance and waits until it has ended in this way.</summary>
    public async Task<ForeignInstance> Run(string name, string status, string? input = null)
    {
        await StartInstance(name, "one", input);
        return await Until("one", status);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _reading;
        _writing.Dispose();
    }

    private async Task<ForeignInstance> Ask(JsonObject command) => ForeignInstance.Read((await Send(command))["state"]!);

    private async Task<JsonNode> Send(JsonObject command)
    {
        var number = Interlocked.Increment(ref _next);
        var reply = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[number] = reply;
        foreach (var absent in command.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            command.Remove(absent);
        }

        command["ask"] = number;
        await Write(command);
        var answer = await Eventually.Within(reply.Task, $"an answer to {command}", s_deadline);
        return (string?)answer["error"] is { } error ? throw new InvalidOperationException(error) : answer;
    }

    private async Task Read()
    {
        try
        {
            while (true)
            {
                var line = await _node.ReadLine();
                if (line["reply"] is { } reply)
                {
                    _asked[(int)reply].SetResult(line);
                }
                else
                {
                    await Write(await Answer(line));
                }
            }
        }
        catch (Exception ended)
        {
            foreach (var waiting in _asked.Values)
            {
                waiting.TrySetException(ended);
            }
        }
    }

    private async Task<JsonObject> Answer(JsonNode question)
    {
        var answer = new JsonObject { ["answer"] = (int)question["question"]! };
        try
        {
            answer["result"] = (string?)question["kind"] == "turn" ? Turn(question) : await Work(question);
        }
        catch (Exception failure)
        {
            answer["error"] = failure.Message;
        }

        return answer;
    }

    private string Turn(JsonNode question)
    {
        return new OrchestratorEndpoint(Registry, TestWorker.Options, new RecordingLog()).Execute((string)question["request"]!);
    }

    private Task<string> Work(JsonNode question) => DropsActivities
        ? throw new InvalidOperationException("The call was dropped.")
        : new ActivityEndpoint(Registry, TestWorker.Options, new RecordingLog()).ExecuteAsync(
            (string)question["name"]!, (string?)question["input"], (string)question["instanceId"]!, NoServices.Instance, CancellationToken.None);

    private async Task Write(JsonNode line)
    {
        await _writing.WaitAsync();
        try
        {
            await _node.WriteLine(line);
        }
        finally
        {
            _writing.Release();
        }
    }
}
