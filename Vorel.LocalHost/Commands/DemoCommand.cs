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
        var crm = new Option<string>("--crm") { Description = "The demo's CRM: sandbox, or hubspot for a stand-in that is signed in to.", DefaultValueFactory = _ => "sandbox" };
        crm.AcceptOnlyFromAmong("sandbox", "hubspot");
        var standIn = new Option<FileInfo>("--stand-in") { Description = "The published stand-in for HubSpot, which --crm hubspot needs." };
        var command = new Command("demo", "Posts a lead to a private copy and follows it to the CRM and to a verified webhook; exits 0 only if all happened.") { fault, crm, standIn };
        folders.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(crm) == "hubspot" && (result.GetValue(standIn) is null || result.GetValue(fault) == DemoFault.Crm500))
            {
                result.AddError("--crm hubspot wants --stand-in FILE, and not --break crm-500, which is of the sandbox's CRM.");
            }
        });
        command.SetAction((parsed, cancellationToken) => DevelopmentConsole.Guard(async () =>
        {
            var state = Path.Combine(folders.StateFolder(parsed), $"demo-{Environment.ProcessId}");
            try
            {
                var options = folders.Stack(parsed, state, StackPorts.Free);
                Directory.CreateDirectory(state);
                return parsed.GetValue(crm) == "hubspot"
                    ? await RunWithHubSpot(options, parsed.GetValue(standIn)!.FullName, parsed.GetValue(fault), cancellationToken)
                    : await Run(options, hubSpot: null, parsed.GetValue(fault), cancellationToken);
            }
            finally
            {
                Directory.Delete(state, recursive: true);
            }
        }));
        return command;
    }

    // HubSpot knows beforehand where its users are sent back to, so that the front end's port is chosen first.
    private static async Task<int> RunWithHubSpot(StackOptions options, string standIn, DemoFault fault, CancellationToken cancellationToken)
    {
        var port = LoopbackPorts.Free();
        var front = new Uri($"http://127.0.0.1:{port}");
        DevelopmentConsole.Say("Starting a stand-in for HubSpot …");
        await using var hubSpot = await HubSpotStandIn.Start(standIn, options.StateFolder, front, DevelopmentConsole.Say, cancellationToken);
        return await Run(options with { Ports = options.Ports with { Host = port }, Settings = hubSpot.Settings }, hubSpot, fault, cancellationToken);
    }

    private static async Task<int> Run(StackOptions options, HubSpotStandIn? hubSpot, DemoFault fault, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var log = new ConcurrentQueue<string>();
        DevelopmentConsole.Say("Starting Azurite, the local host and the handler on free ports …");
        await using var stack = await DevelopmentStack.Start(options, log.Enqueue, cancellationToken);
        var tenant = await DemoTenant.Prepare(stack.Addresses, stack.Secrets.OperatorToken, options.StateFolder, withSandboxCrm: hubSpot is null, cancellationToken);
        DevelopmentConsole.Say($"  up, with demo tenant {tenant.Id} ({clock.Elapsed.TotalSeconds:0.0} s)");
        IDemoCrm crm = hubSpot is null ? new SandboxCrm(stack.Addresses.Sandbox) : new HubSpotCrm(hubSpot, DevelopmentConsole.Say);
        var tour = new DemoTour(stack.Addresses, tenant, crm, DevelopmentConsole.Say);
        await tour.Break(fault, cancellationToken);
        using var operatorClient = new LocalClient(stack.Addresses.Host.Address, stack.Secrets.OperatorToken);
        var failedLeg = await tour.Run(operatorClient, cancellationToken);
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
