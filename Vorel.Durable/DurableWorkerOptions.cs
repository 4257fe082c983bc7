using System.Text.Json;

namespace Vorel.Durable;

/// <summary>What the worker needs from its application.</summary>
public sealed class DurableWorkerOptions
{
    /// <summary>
    /// How payloads are written. Its resolver must be made of source-generated contexts that know every input, output, event and
    /// custom status; one that falls back to reflection is refused.
    /// </summary>
    public required JsonSerializerOptions JsonOptions { get; init; }

    /// <summary>
    /// Says how an exception that is not an <see cref="ISafeMessage"/> is told; null, or an answer of null: by its type alone, retriable.
    /// </summary>
    public Func<Exception, ActivityFailure?>? DescribeFailure { get; init; }

    /// <summary>How long an activity may run before it is cancelled; well below the host's functionTimeout, which kills the process.</summary>
    public TimeSpan ActivityDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a cancelled activity may take to end before it is answered for without it.</summary>
    public TimeSpan ActivityGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one turn may hold its thread, from when it gets one, before it is taken for blocked. Turns take milliseconds.</summary>
    public TimeSpan TurnLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest orchestrator request, in base64 characters.</summary>
    public int MaximumRequestLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>Drives the deadlines above: the real clock, not the domain's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
