using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Vorel.Fakes.HubSpot;
using Vorel.HubSpotStandIn;

// The stand-in for HubSpot as a process of its own, for ./run demo --crm hubspot. Two arguments: the file in which it says where it is, and the
// process that it ends with. The app that it knows is in the environment, since command lines can be read by anyone on the machine.
if (args is not [var readyFile, var parent] || !int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var parentId))
{
    await Console.Error.WriteLineAsync("usage: Vorel.HubSpotStandIn READY-FILE PARENT-PROCESS-ID");
    return 2;
}

var app = new HubSpotApp { ClientId = Setting("CLIENT_ID"), ClientSecret = Setting("CLIENT_SECRET") };
app.RedirectUris.Add(Setting("REDIRECT_URI"));
await using var hubSpot = new FakeHubSpot(TimeProvider.System, app);
await hubSpot.Start();
await using var control = new StandInControl(hubSpot);
await control.Start();

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await SayReady();
await UntilStopped();
return 0;

static string Setting(string name) => Environment.GetEnvironmentVariable("HUBSPOT_STAND_IN_" + name) ?? throw new InvalidOperationException($"HUBSPOT_STAND_IN_{name} is not set.");

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

// Whole or not at all: who waits for the file reads it at once.
async Task SayReady()
{
    var said = new JsonObject { ["address"] = hubSpot.Address.ToString(), ["control"] = control.Address.ToString() };
    await File.WriteAllTextAsync(readyFile + ".new", said.ToJsonString());
    File.Move(readyFile + ".new", readyFile, overwrite: true);
}

async Task UntilStopped()
{
    try
    {
        using var starter = Process.GetProcessById(parentId);
        await starter.WaitForExitAsync(stop.Token);
    }
    catch (Exception end) when (end is ArgumentException or OperationCanceledException)
    {
        // The parent is gone already, or a signal came.
    }
}
