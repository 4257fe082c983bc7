using System.CommandLine;
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
        };
        portBase.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1024 or > 62_000)
            {
                result.AddError("--port-base must lie between 1024 and 62000.");
            }
        });
        var fresh = new Option<bool>("--fresh") { Description = "Forget the data of earlier runs first." };
        var command = new Command("up", "Starts Azurite, the local host and the handler, makes a demo tenant, and runs until Ctrl-C.") { portBase, fresh };
        folders.AddTo(command);
        command.SetAction((parsed, cancellationToken) => DevelopmentConsole.Guard(() =>
        {
            var state = Path.Combine(folders.StateFolder(parsed), "data");
            var ports = StackPorts.From(parsed.GetValue(portBase));
            return Run(folders.Stack(parsed, state, ports), parsed.GetValue(fresh), cancellationToken);
        }));
        return command;
    }

    private static async Task<int> Run(StackOptions options, bool fresh, CancellationToken cancellationToken)
    {
        options.Ports.EnsureFree();
        if (fresh && Directory.Exists(options.StateFolder))
        {
            Directory.Delete(options.StateFolder, recursive: true);
        }

        DevelopmentConsole.Say("Starting Azurite, the local host and the handler …");
        await using var stack = await DevelopmentStack.Start(options, DevelopmentConsole.Say, cancellationToken);
        DevelopmentConsole.Say("Preparing the demo tenant …");
        var tenant = await DemoTenant.Prepare(stack.Addresses, stack.Secrets.OperatorToken, options.StateFolder, cancellationToken);
        stack.HostRestarted = addresses => tenant.ConfigureSandbox(addresses, CancellationToken.None);
        Welcome.Print(Console.Out, stack, tenant);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            DevelopmentConsole.Say("Stopping …");
        }

        return 0;
    }
}
