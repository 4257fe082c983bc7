using Vorel.Durable.Payloads;
using Vorel.Durable.Protocol;
using Vorel.Durable.Replay;

namespace Vorel.Durable;

/// <summary>What the hub knows of an instance.</summary>
public sealed record OrchestrationMetadata
{
    private readonly DurableJson _json;

    internal OrchestrationMetadata(OrchestrationState state, DurableJson json)
    {
        _json = json;
        (Name, InstanceId) = (state.Name, state.InstanceId);
        RuntimeStatus = (OrchestrationRuntimeStatus)state.OrchestrationStatus;
        CreatedAt = state.CreatedTimestamp?.ToDateTimeOffset() ?? default;
        LastUpdatedAt = state.LastUpdatedTimestamp?.ToDateTimeOffset() ?? default;
        (SerializedInput, SerializedOutput, SerializedCustomStatus) = (state.Input, state.Output, state.CustomStatus);
        FailureDetails = state.FailureDetails is { } failure ? Failures.FromWire(failure, infrastructure: false) : null;
    }

    /// <summary>The orchestrator's name.</summary>
    public string Name { get; }

    /// <summary>The instance's id.</summary>
    public string InstanceId { get; }

    /// <summary>Where it stands.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset LastUpdatedAt { get; }

    /// <summary>JSON text of the input, if it was asked for.</summary>
    public string? SerializedInput { get; }

    /// <summary>JSON text of the output, or the text <c>type: message</c> of a failure, if it was asked for.</summary>
    public string? SerializedOutput { get; }

    /// <summary>JSON text of the custom status.</summary>
    public string? SerializedCustomStatus { get; }

    /// <summary>How it failed, where the backend keeps that.</summary>
    public TaskFailureDetails? FailureDetails { get; }

    /// <summary>It is at work, waiting or held.</summary>
    public bool IsRunning => RuntimeStatus
        is OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Pending
        or OrchestrationRuntimeStatus.Suspended or OrchestrationRuntimeStatus.ContinuedAsNew;

    /// <summary>It has ended, in whatever way.</summary>
    public bool IsCompleted => !IsRunning;

    /// <summary>The output as a value.</summary>
    public T? ReadOutputAs<T>() => (T?)_json.Read(SerializedOutput, typeof(T), "output");

    /// <summary>The custom status as a value.</summary>
    public T? ReadCustomStatusAs<T>() => (T?)_json.Read(SerializedCustomStatus, typeof(T), "custom status");
}
