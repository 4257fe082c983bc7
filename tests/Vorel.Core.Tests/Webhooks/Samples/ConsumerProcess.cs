using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Vorel.Core.Tests.Webhooks.Samples;

/// <summary>samples/webhook-consumer/consumer.mjs, run by node on a free port.</summary>
internal sealed class ConsumerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private ConsumerProcess(Process process) => _process = process;

    public int Port { get; private set; }

    public static async Task<ConsumerProcess> Start(string secret, int failFirst = 0)
    {
        var start = new ProcessStartInfo("node", [Script()]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["VOREL_WEBHOOK_SECRET"] = secret;
        start.Environment["PORT"] = "0";
        start.Environment["FAIL_FIRST"] = failFirst.ToString(CultureInfo.InvariantCulture);
        var consumer = new ConsumerProcess(Process.Start(start)!);
        using var line = await consumer.ReadLine();
        consumer.Port = line.RootElement.GetProperty("listening").GetInt32();
        return consumer;
    }

    /// <summary>The next line that it prints.</summary>
    public async Task<JsonDocument> ReadLine()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        return line is not null
            ? JsonDocument.Parse(line)
            : throw new InvalidOperationException("The consumer ended: " + await _process.StandardError.ReadToEndAsync(deadline.Token));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Script([CallerFilePath] string here = "")
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Vorel.slnx")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory!.FullName, "samples", "webhook-consumer", "consumer.mjs");
    }
}
