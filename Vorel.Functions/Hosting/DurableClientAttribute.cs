using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>Fills in a client for the hub. Its address is good for this one call: hosts differ and restart.</summary>
internal sealed class DurableClientAttribute : BindingAttribute
{
    public override bool IsTrigger => false;

    public override IEnumerable<JsonObject> Describe(string name)
    {
        yield return Input("durableClient", name);
    }
}
