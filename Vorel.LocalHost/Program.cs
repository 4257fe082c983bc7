using System.CommandLine;
using Vorel.LocalHost.Commands;
using Vorel.LocalHost.Hosting;

var root = new RootCommand("Vorel's local stand-in for the Azure Functions host: a development tool, never deployed.")
{
    HostCommand.Create(), UpCommand.Create(), DemoCommand.Create(),
};

// Stopping takes a moment: calls under way end, and then the handler is killed. Two seconds, the default, would orphan it.
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
return parsed.Errors.Count > 0 ? 2 : code;
