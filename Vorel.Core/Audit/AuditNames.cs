namespace Vorel.Core.Audit;

/// <summary>How kinds are spelled in rows and answers. The one place.</summary>
public static class AuditNames
{
    /// <summary>The stable spelling of a kind of actor.</summary>
    public static string Wire(this AuditActorKind kind) => kind switch
    {
        AuditActorKind.Tool => "tool",
        AuditActorKind.Operator => "operator",
        AuditActorKind.System => "system",
        AuditActorKind.ApiKey => "api_key",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of actor."),
    };

    /// <summary>The stable spelling of a kind of break.</summary>
    public static string Wire(this AuditBreakKind kind) => kind switch
    {
        AuditBreakKind.Changed => "changed",
        AuditBreakKind.Missing => "missing",
        AuditBreakKind.Inserted => "inserted",
        AuditBreakKind.Reordered => "reordered",
        AuditBreakKind.CutOff => "cut_off",
        AuditBreakKind.SealMissing => "seal_missing",
        AuditBreakKind.SealDoesNotFit => "seal_does_not_fit",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of break."),
    };
}
