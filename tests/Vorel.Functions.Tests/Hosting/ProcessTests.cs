using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;
using Vorel.LocalHost.Development;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Hosting;

/// <summary>The handler as a process of its own, as the Functions host starts it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task It_says_every_fault_of_its_settings_and_exits_with_a_code_that_counts()
    {
        using var process = HandlerExecutable.Start(new Dictionary<string, string> { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "x" });

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
        var settings = HandlerExecutable.Settings(LoopbackPorts.Free());
        settings["WEBSITE_SITE_NAME"] = "vorel";
        settings["VOREL_OPERATOR_TOKEN"] = new string('a', 64);
        using var process = HandlerExecutable.Start(settings);

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.BadSettings, process.ExitCode);
        Assert.Contains("VOREL_OPERATOR_TOKEN", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaa", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orderly_stop_asks_for_a_restart_because_the_host_never_restarts_after_0()
    {
        var port = LoopbackPorts.Free();
        using var process = HandlerExecutable.Start(HandlerExecutable.Settings(port));
        await HandlerExecutable.UntilReady(process, port);

        Assert.True(PosixSignal.Terminate(process));
        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.Restart, process.ExitCode);
    }

    [Fact]
    public async Task A_taken_port_is_a_strike()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var process = HandlerExecutable.Start(HandlerExecutable.Settings(((IPEndPoint)taken.LocalEndpoint).Port));

        await process.WaitForExitAsync();

        Assert.Equal(ExitCodes.StartFailed, process.ExitCode);
    }

    [Fact]
    public async Task It_ends_when_the_process_that_started_it_is_gone()
    {
        var port = LoopbackPorts.Free();
        var shell = new ProcessStartInfo("sh", ["-c", "\"$0\" exec \"$1\" & echo $!; wait", HandlerExecutable.Dotnet, HandlerExecutable.Assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        HandlerExecutable.Fill(shell, HandlerExecutable.Settings(port));
        using var parent = Process.Start(shell)!;
        using var child = Process.GetProcessById(int.Parse((await parent.StandardOutput.ReadLineAsync())!));
        try
        {
            await HandlerExecutable.UntilReady(child, port);

            parent.Kill();

            await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            child.Kill();
        }
    }
}
