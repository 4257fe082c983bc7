using System.CommandLine;
using Vorel.LocalHost.Commands;
using Vorel.LocalHost.Hosting;

var root = new RootCommand("Vorel's local stand-in for the Azure Functions host: a development tool, never deployed.")
{
    HostCommand.Create(), UpCommand.Create(), DemoCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
