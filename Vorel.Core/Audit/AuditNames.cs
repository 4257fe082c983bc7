namespace Vorel.Core.Audit;

/// <summary>How kinds of actors are spelled in rows and answers.</summary>
internal static class AuditNames
{
    public static string Wire(this AuditActorKind kind) => kind switch
    {
        AuditActorKind.Tool => "tool",
        AuditActorKind.Operator => "operator",
        AuditActorKind.System => "system",
        AuditActorKind.ApiKey => "api_key",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of actor."),
    };
}
