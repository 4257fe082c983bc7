namespace Vorel.Core.Audit;

/// <summary>What kind of party did it.</summary>
public enum AuditActorKind
{
    /// <summary>An agent, through one of its tools.</summary>
    Tool,

    /// <summary>A person who operates Vorel.</summary>
    Operator,

    /// <summary>Vorel itself: a timer, a queue, an orchestration.</summary>
    System,

    /// <summary>A tenant's own software, by its API key.</summary>
    ApiKey,
}
