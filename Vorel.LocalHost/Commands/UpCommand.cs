using System.CommandLine;
using System.Globalization;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary><c>up</c>: everything at once, with a demo tenant, until Ctrl-C.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var folders = new StackFolders();
        var portBase = new Option<int>("--port-base")
        {
            Description = "First port: local host; the next is the sandbox, and Azurite takes three from 2929 further on.",
            DefaultValueFactory = _ => StackPorts.DefaultBase,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 62_000)
                {
                    return port;
                }

                result.AddError("--port-base wants a number from 1024 to 62000.");
                return 0;
            },
        };
        var fresh = new Option<bool>("--fresh") { Description = "Forget the data of earlier runs first." };
        var command = new Command("up", "Starts Azurite, the local host and the handler, makes a demo tenant, and runs until Ctrl-C.") { portBase, fresh };
        folders.AddTo(command);
        command.SetAction((parsed, cancellationToken) => DevelopmentConsole.Guard(() =>
        {
            var first = parsed.GetValue(portBase);
            var state = Path.Combine(folders.StateFolder(parsed), $"data-{first}"); // Two Azurites on one folder would spoil it.
            var ports = StackPorts.From(first);
            return RunUntilStopped(folders.Stack(parsed, state, ports), parsed.GetValue(fresh), cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunUntilStopped(StackOptions options, bool fresh, CancellationToken cancellationToken)
    {
        await Run(options, fresh, cancellationToken);
        DevelopmentConsole.Say("Everything is stopped.");
        return 0;
    }

    private static async Task Run(StackOptions options, bool fresh, CancellationToken cancellationToken)
    {
        options.Ports.EnsureFree();
        if (fresh && Directory.Exists(options.StateFolder))
        {
            Directory.Delete(options.StateFolder, recursive: true);
        }

        DevelopmentConsole.Say("Starting Azurite, the local host and the handler …");
        await using var stack = await DevelopmentStack.Start(options, line => SayUnlessStopping(line, cancellationToken), cancellationToken);
        DevelopmentConsole.Say("Preparing the demo tenant …");
        var tenant = await DemoTenant.Prepare(stack.Addresses, stack.Secrets.OperatorToken, options.StateFolder, withSandboxCrm: true, cancellationToken);
        stack.HostRestarted = addresses => tenant.ConfigureSandbox(addresses, CancellationToken.None);
        Welcome.Print(Console.Out, stack, tenant);
        try
        {
            var code = await stack.UntilStorageEnds(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // Ctrl-C reaches Azurite too, perhaps before us.
            throw new DevelopmentException($"Azurite ended by itself with exit code {code}, so everything was stopped. ./run starts it again.");
        }
        catch (OperationCanceledException)
        {
            DevelopmentConsole.Say("Stopping …");
        }
    }

    /// <summary>Parts that go down one after another complain of each other: that is no news once a stop is asked for.</summary>
    private static void SayUnlessStopping(string line, CancellationToken stopping)
    {
        if (!stopping.IsCancellationRequested)
        {
            DevelopmentConsole.Say(line);
        }
    }
}
