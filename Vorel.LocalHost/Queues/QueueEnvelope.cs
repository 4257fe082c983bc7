using System.Text;
using Vorel.Azure.Queues;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Queues;

/// <summary>What a queue message looks like inside the envelope.</summary>
internal static class QueueEnvelope
{
    /// <summary>The message: its text, or its bytes where the binding asks for them.</summary>
    public static Dictionary<string, BindingValue> Data(FunctionBinding trigger, string text) => new(StringComparer.Ordinal)
    {
        [trigger.Name] = trigger.IsBinary ? BindingValue.Bytes(Encoding.UTF8.GetBytes(text)) : BindingValue.Text(text),
    };

    /// <summary>What storage says of the message, and the members of its text; bytes are not looked into.</summary>
    public static Dictionary<string, BindingValue> Metadata(FunctionBinding trigger, QueueMessage message, string text)
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
        if (!trigger.IsBinary)
        {
            TriggerMetadata.AddPayload(metadata, text);
        }

        return metadata;
    }
}
