using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>The client of @microsoft/durabletask-js in a process of its own; tests/referees/sidecar.mjs says what it can be asked.</summary>
internal sealed class SidecarReferee : IAsyncDisposable
{
    private readonly NodeProcess _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = [];
    private readonly Task _reading;
    private int _last;

    public SidecarReferee(Uri sidecar, string hub)
    {
        _process = NodeProcess.Start("tests/referees/sidecar.mjs", environment: null, sidecar.Authority, hub);
        _reading = Read();
    }

    /// <summary>Its whole answer, which may come after those of later questions.</summary>
    public async Task<JsonNode> Ask(object command)
    {
        var number = Interlocked.Increment(ref _last);
        var answer = _asked[number] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var line = JsonSerializer.SerializeToNode(command)!;
        line["ask"] = number;
        await _process.WriteLine(line);
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>What a call that succeeds gives; null for nothing.</summary>
    public async Task<JsonNode?> Result(object command)
    {
        var answer = await Ask(command);
        return answer["error"] is { } error ? throw new InvalidOperationException($"{error} ({answer["code"]})") : answer["result"];
    }

    /// <summary>The gRPC status with which a call fails.</summary>
    public async Task<int> Code(object command) =>
        (await Ask(command))["code"]?.GetValue<int>() ?? throw new InvalidOperationException("The call did not end with a status.");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Read()
    {
        try
        {
            while (true)
            {
                var line = await _process.ReadLine();
                _asked[line["reply"]!.GetValue<int>()].SetResult(line);
            }
        }
        catch (Exception error)
        {
            foreach (var waits in _asked.Values)
            {
                waits.TrySetException(error);
            }
        }
    }
}
