using System.Collections.ObjectModel;
using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>What is known of an instance besides its history. All times are the domain's.</summary>
internal sealed record InstanceRecord
{
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public string? Version { get; init; }

    /// <summary>One run of the instance: a start of a finished id gets a new one, and so does one that continues as new.</summary>
    public required string ExecutionId { get; init; }

    public required OrchestrationStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When the first turn may be, where the start asked for a later time; null for at once.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>What the start labelled it with.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Turns committed. Rows that carry a higher number belong to a turn that never was.</summary>
    public int Turns { get; init; }

    /// <summary>History rows committed, numbered from 1.</summary>
    public int Chunks { get; init; }

    /// <summary>Who waits for this instance's end: the execution that called it as a sub-orchestration. Null for none.</summary>
    public ParentInstanceInfo? Parent { get; init; }

    public string? CustomStatus { get; init; }

    /// <summary>What the client that suspended it gave as reason; null while it is not suspended.</summary>
    public string? SuspendReason { get; init; }

    /// <summary>Null also where the record was read without its input and output.</summary>
    public string? Input { get; init; }

    /// <inheritdoc cref="Input"/>
    public string? Output { get; init; }

    /// <summary>What clients see as output. A suspended instance shows the reason, as the Azure Storage backend does.</summary>
    public string? ShownOutput => Status is OrchestrationStatus.Suspended ? SuspendReason : Output;

    /// <summary>True once the instance has ended, however.</summary>
    public bool IsFinished => IsEnd(Status);

    /// <summary>True for a status that an ended instance has.</summary>
    public static bool IsEnd(OrchestrationStatus status) => status is OrchestrationStatus.Completed or OrchestrationStatus.Failed
        or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;
}
