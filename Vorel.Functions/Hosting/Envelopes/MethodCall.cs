using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>Calls the method of a timer or queue function with what its envelope holds.</summary>
internal sealed class MethodCall(DurableClientBinding durable)
{
    /// <summary>Runs the function to its end.</summary>
    /// <exception cref="EnvelopeFormatException">A binding is missing or not what it should be.</exception>
    public async Task Run(FunctionDefinition function, Envelope envelope, IServiceProvider services, CancellationToken cancellationToken)
    {
        var method = function.Method!;
        var arguments = method.GetParameters().Select(parameter => Argument(parameter, envelope, services, cancellationToken)).ToArray();
        var target = ActivatorUtilities.GetServiceOrCreateInstance(services, function.Type);
        await (Task)method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null)!;
    }

    private object Argument(ParameterInfo parameter, Envelope envelope, IServiceProvider services, CancellationToken cancellationToken) =>
        parameter.GetCustomAttribute<BindingAttribute>() switch
        {
            QueueTriggerAttribute => EnvelopeValue.Text(envelope[parameter.Name!]),
            TimerTriggerAttribute => Timer(EnvelopeValue.Json(envelope[parameter.Name!])),
            DurableClientAttribute => services.GetRequiredService<CallClient>().Client = durable.Client(envelope[parameter.Name!]),
            null when parameter.ParameterType == typeof(CancellationToken) => cancellationToken,
            _ => throw new InvalidOperationException($"No rule fills the parameter '{parameter.Name}'."),
        };

    private static TimerInfo Timer(JsonElement value)
    {
        try
        {
            return value.Deserialize(TimerJson.Default.TimerInfo) ?? throw new EnvelopeFormatException("The timer value is null.");
        }
        catch (JsonException)
        {
            throw new EnvelopeFormatException("The timer value is not what the host sends.");
        }
    }
}

[JsonSerializable(typeof(TimerInfo))]
internal sealed partial class TimerJson : JsonSerializerContext;
