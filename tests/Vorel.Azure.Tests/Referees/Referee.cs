using System.Text.Json.Nodes;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Referees;

/// <summary>One of Azure's own clients, in a Node process: what it reads must be what ours wrote, and the other way round.</summary>
public abstract class Referee(string script) : IAsyncLifetime
{
    private NodeProcess _process = null!;

    /// <summary>The program's command line.</summary>
    protected abstract IEnumerable<string> Arguments { get; }

    public virtual Task InitializeAsync()
    {
        _process = NodeProcess.Start(script, environment: null, Arguments);
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync() => await _process.DisposeAsync();

    /// <summary>Has it do something, and gives what its client gave.</summary>
    /// <exception cref="RefereeException">Its client failed.</exception>
    public async Task<JsonNode?> Call(string operation, JsonObject arguments)
    {
        arguments["op"] = operation;
        await _process.WriteLine(arguments);
        var answer = await _process.ReadLine();
        return answer["error"] is { } error
            ? throw new RefereeException(error["status"]!.GetValue<int>(), error["code"]?.GetValue<string>(), error["message"]!.GetValue<string>())
            : answer["value"];
    }
}
