using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>Takes the messages of a storage queue, at least once each; a failed one comes back, then goes to the poison queue.</summary>
internal sealed class QueueTriggerAttribute(string queueName) : BindingAttribute
{
    /// <summary>The setting that names the storage account.</summary>
    public string Connection { get; init; } = "AzureWebJobsStorage";

    public override IEnumerable<JsonObject> Describe(string name)
    {
        var trigger = Input("queueTrigger", name);
        trigger["queueName"] = queueName;
        trigger["connection"] = Connection;
        yield return trigger;
    }
}
