using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Testing;

/// <summary>
/// A Node program that talks to a test in lines of JSON: what it prints on its standard output is one document a line, and so is what
/// the test writes to its standard input. Packages resolve from the repository's <c>node_modules</c>.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a program of the repository.</summary>
    /// <param name="script">Its path below the repository's root, such as <c>tests/referees/tables.mjs</c>.</param>
    /// <param name="environment">Variables it gets beside the test's own.</param>
    /// <param name="arguments">Its command line.</param>
    public static NodeProcess Start(string script, IReadOnlyDictionary<string, string>? environment = null, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("node", [RepositoryFolder.PathOf(script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>The next line that it prints.</summary>
    /// <exception cref="InvalidOperationException">It has ended instead; the message has what it said of that.</exception>
    public async Task<JsonNode> ReadLine()
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        return line is null ? throw new InvalidOperationException("The program ended: " + await _errors.WaitAsync(deadline.Token)) : Parse(line);
    }

    /// <summary>Sends it one line.</summary>
    public async Task WriteLine(JsonNode line)
    {
        await _process.StandardInput.WriteLineAsync(line.ToJsonString());
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until it ends by itself, and gives the lines that it printed until then.</summary>
    /// <exception cref="InvalidOperationException">Its exit code is not 0; the message has what it said of that.</exception>
    public async Task<IReadOnlyList<JsonNode>> ReadToEnd()
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var lines = new List<JsonNode>();
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            lines.Add(Parse(line));
        }

        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode == 0
            ? lines
            : throw new InvalidOperationException($"The program ended with exit code {_process.ExitCode}: {await _errors.WaitAsync(deadline.Token)}");
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static JsonNode Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) ?? throw new InvalidOperationException("The program printed null.");
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"The program printed a line that is not JSON: {line}", error);
        }
    }
}
