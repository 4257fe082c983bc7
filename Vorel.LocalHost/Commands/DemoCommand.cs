using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary><c>demo</c>: a private copy of everything on free ports, one lead, its whole way, and the end of it all.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var folders = new StackFolders();
        var fault = new Option<DemoFault>("--break")
        {
            Description = "Break one leg on purpose, to see that the demo notices: inbox-off, crm-500 or wrong-secret.",
            CustomParser = result => result.Tokens[0].Value switch
            {
                "inbox-off" => DemoFault.InboxOff,
                "crm-500" => DemoFault.Crm500,
                "wrong-secret" => DemoFault.WrongSecret,
                var other => Refuse(result, $"--break {other}: choose inbox-off, crm-500 or wrong-secret."),
            },
        };
        var command = new Command("demo", "Posts a lead to a private copy and follows it to the CRM and to a verified webhook; exits 0 only if all happened.") { fault };
        folders.AddTo(command);
        command.SetAction((parsed, cancellationToken) => DevelopmentConsole.Guard(async () =>
        {
            var state = Path.Combine(folders.StateFolder(parsed), $"demo-{Environment.ProcessId}");
            try
            {
                return await Run(folders.Stack(parsed, state, StackPorts.Free), parsed.GetValue(fault), cancellationToken);
            }
            finally
            {
                Directory.Delete(state, recursive: true);
            }
        }));
        return command;
    }

    private static async Task<int> Run(StackOptions options, DemoFault fault, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.StateFolder);
        var clock = Stopwatch.StartNew();
        var log = new ConcurrentQueue<string>();
        DevelopmentConsole.Say("Starting Azurite, the local host and the handler on free ports …");
        await using var stack = await DevelopmentStack.Start(options, log.Enqueue, cancellationToken);
        var tenant = await DemoTenant.Prepare(stack.Addresses, stack.Secrets.OperatorToken, options.StateFolder, cancellationToken);
        DevelopmentConsole.Say($"  up, with demo tenant {tenant.Id} ({clock.Elapsed.TotalSeconds:0.0} s)");
        var tour = new DemoTour(stack.Addresses, tenant, DevelopmentConsole.Say);
        await tour.Break(fault, cancellationToken);
        var failedLeg = await tour.Run(cancellationToken);
        if (failedLeg is null)
        {
            DevelopmentConsole.Say($"Everything happened ({clock.Elapsed.TotalSeconds:0.0} s in all).");
            return 0;
        }

        await Console.Error.WriteLineAsync("The last lines of the host and the handler:");
        foreach (var line in log.TakeLast(20))
        {
            await Console.Error.WriteLineAsync($"  {line}");
        }

        await Console.Error.WriteLineAsync($"vorel: the demo failed at the {failedLeg}");
        return 1;
    }

    private static DemoFault Refuse(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return DemoFault.None;
    }
}

/// <summary>Which leg the demo breaks on purpose.</summary>
internal enum DemoFault
{
    None,
    InboxOff,
    Crm500,
    WrongSecret,
}
