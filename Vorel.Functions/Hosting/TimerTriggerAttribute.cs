using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>Runs on a schedule, on one host at a time; a run missed while no host was up comes once, past due.</summary>
/// <param name="schedule">Six fields, seconds first, UTC.</param>
internal sealed class TimerTriggerAttribute(string schedule) : BindingAttribute
{
    public override IEnumerable<JsonObject> Describe(string name)
    {
        var trigger = Input("timerTrigger", name);
        trigger["schedule"] = schedule;
        trigger["runOnStartup"] = false;
        trigger["useMonitor"] = true;
        yield return trigger;
    }
}
