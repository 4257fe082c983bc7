using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vorel.Functions.Hosting;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Hosting;

/// <summary>The handler as a process of its own, as the Functions host starts it.</summary>
public sealed class ProcessTests
{
    private static readonly string s_assembly = typeof(Program).Assembly.Location;

    [Fact]
    public async Task It_says_every_fault_of_its_settings_and_exits_with_a_code_that_counts()
    {
        using var process = Start(new Dictionary<string, string> { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "x" });

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.BadSettings, process.ExitCode);
        foreach (var name in (string[])["FUNCTIONS_CUSTOMHANDLER_PORT", "AzureWebJobsStorage", "CRM_CREDENTIAL_ENCRYPTION_KEY", "VOREL_API_KEY_PEPPER", "VOREL_INDEX_KEY"])
        {
            Assert.Single(errors.Split('\n'), line => line.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task It_refuses_to_start_under_azure_with_a_development_token()
    {
        var settings = Good(FreePort());
        settings["WEBSITE_SITE_NAME"] = "vorel";
        settings["VOREL_OPERATOR_TOKEN"] = new string('a', 64);
        using var process = Start(settings);

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.BadSettings, process.ExitCode);
        Assert.Contains("VOREL_OPERATOR_TOKEN", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaa", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orderly_stop_asks_for_a_restart_because_the_host_never_restarts_after_0()
    {
        var port = FreePort();
        using var process = Start(Good(port));
        await UntilReady(process, port);

        Assert.True(PosixSignal.Terminate(process));
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.Restart, process.ExitCode);
    }

    [Fact]
    public async Task A_taken_port_is_a_strike()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var process = Start(Good(((IPEndPoint)taken.LocalEndpoint).Port));

        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.StartFailed, process.ExitCode);
    }

    [Fact]
    public async Task It_ends_when_the_process_that_started_it_is_gone()
    {
        var port = FreePort();
        var shell = new ProcessStartInfo("sh", ["-c", "\"$0\" exec \"$1\" & echo $!; wait", Dotnet, s_assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        Fill(shell, Good(port));
        using var parent = Process.Start(shell)!;
        using var child = Process.GetProcessById(int.Parse((await parent.StandardOutput.ReadLineAsync())!));
        try
        {
            await UntilReady(child, port);

            parent.Kill();

            await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            child.Kill();
        }
    }

    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private static Dictionary<string, string> Good(int port) => new(StringComparer.Ordinal)
    {
        ["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(),
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["CRM_CREDENTIAL_ENCRYPTION_KEY"] = Convert.ToBase64String(new byte[32]),
        ["VOREL_API_KEY_PEPPER"] = Convert.ToBase64String(new byte[32]),
        ["VOREL_INDEX_KEY"] = Convert.ToBase64String(new byte[32]),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Dotnet, ["exec", s_assembly]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        Fill(start, settings);
        return Process.Start(start)!;
    }

    private static void Fill(ProcessStartInfo start, Dictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
    }

    private static async Task UntilReady(Process process, int port)
    {
        using var http = new HttpClient();
        await Eventually.True(
            async () =>
            {
                Assert.False(process.HasExited, "The handler ended before it was ready.");
                try
                {
                    return (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the handler is ready",
            TimeSpan.FromSeconds(60));
    }
}
