namespace Vorel.Core.Audit;

/// <summary>Who did something, as the audit log names it: a kind and an id, never a name or an address.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Which one: an operator's subject, an API key's id, a tool's name, a part of this program.</param>
public sealed record AuditActor(AuditActorKind Kind, string Id)
{
    /// <summary>This program, on its own account.</summary>
    public static AuditActor System { get; } = new(AuditActorKind.System, "vorel");

    /// <summary>The id of the request that it came with, if it came with one.</summary>
    public string? RequestId { get; init; }

    /// <summary>The conversation that it was done for, if there is one.</summary>
    public Guid? Conversation { get; init; }
}

/// <summary>What acts.</summary>
public enum AuditActorKind
{
    /// <summary>An agent's tool call.</summary>
    Tool,

    /// <summary>A person or program with the operator's role.</summary>
    Operator,

    /// <summary>Vorel itself: timers, orchestrations.</summary>
    System,

    /// <summary>A tenant's program, by its API key.</summary>
    ApiKey,
}
