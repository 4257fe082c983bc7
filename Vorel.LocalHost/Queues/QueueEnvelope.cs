using Vorel.Azure.Queues;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Queues;

/// <summary>What a queue message looks like inside the envelope.</summary>
internal static class QueueEnvelope
{
    public static Dictionary<string, BindingValue> Data(FunctionBinding trigger, string text) =>
        new(StringComparer.Ordinal) { [trigger.Name] = BindingValue.Text(text) };

    public static Dictionary<string, BindingValue> Metadata(QueueMessage message, string text)
    {
        var metadata = new Dictionary<string, BindingValue>(StringComparer.Ordinal)
        {
            ["DequeueCount"] = BindingValue.Number(message.DequeueCount),
            ["ExpirationTime"] = BindingValue.Time(message.ExpiresOn ?? DateTimeOffset.MaxValue),
            ["Id"] = BindingValue.Text(message.MessageId),
            ["InsertionTime"] = BindingValue.Time(message.InsertedOn ?? DateTimeOffset.UnixEpoch),
            ["NextVisibleTime"] = BindingValue.Time(message.NextVisibleOn ?? DateTimeOffset.MaxValue),
            ["PopReceipt"] = BindingValue.Text(message.PopReceipt),
        };
        TriggerMetadata.AddPayload(metadata, text);
        return metadata;
    }
}
