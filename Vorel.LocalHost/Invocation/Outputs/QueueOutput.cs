using System.Text;
using Vorel.Azure.Queues;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Invocation.Outputs;

/// <summary>Sends messages to a Storage queue, which it creates where it is missing.</summary>
internal sealed class QueueOutput(HostConfiguration configuration, AppSettings settings)
{
    private static readonly QueueClientOptions s_asItIs = new() { MessageEncoding = QueueMessageEncoding.None };

    /// <exception cref="InvalidDataException">The binding names no queue, or a connection that is no setting.</exception>
    public async Task Write(FunctionBinding binding, OutputValue value, CancellationToken cancellationToken)
    {
        var name = settings.Expand(binding.Text("queueName") ?? throw new InvalidDataException("The binding names no queue."));
        var queue = new QueueClient(settings.Connection(binding.Text("connection")), name, s_asItIs);
        foreach (var message in value.Messages())
        {
            var text = configuration.Queues.Base64 ? Convert.ToBase64String(message) : Encoding.UTF8.GetString(message);
            try
            {
                await queue.SendMessageAsync(text, cancellationToken: cancellationToken);
            }
            catch (global::Azure.RequestFailedException error) when (error.Status == 404)
            {
                await queue.CreateIfNotExistsAsync(cancellationToken);
                await queue.SendMessageAsync(text, cancellationToken: cancellationToken);
            }
        }
    }
}
