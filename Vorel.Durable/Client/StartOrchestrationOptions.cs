namespace Vorel.Durable;

/// <summary>How an orchestration is started.</summary>
/// <param name="InstanceId">Its id: at most 256 characters, none of <c>/ \ # ?</c>, no control characters, no leading <c>@</c>. Null: a new one.</param>
public sealed record StartOrchestrationOptions(string? InstanceId = null);
