using Vorel.Core.Audit;
using Vorel.Core.Ids;

namespace Vorel.Functions.Api.Operator;

/// <summary>An entry of the audit log: ids, codes and counts. Of one that is not intact there is nothing but its id.</summary>
internal sealed record AuditEntryAnswer(
    Guid Id,
    DateTimeOffset At,
    bool Intact,
    string? Action,
    AuditActorAnswer? Actor,
    Guid? RequestId,
    Guid? ConversationId,
    Guid? Subject,
    Guid? Old,
    Guid? New,
    string? Code,
    IReadOnlyDictionary<string, long> Counts)
{
    public static AuditEntryAnswer Of(AuditEntry entry) => new(
        entry.Id,
        Uuid7.TimeOf(entry.Id),
        entry.Intact,
        entry.Action,
        entry is { ActorKind: { } kind, Actor: { } actor } ? new AuditActorAnswer(kind, actor) : null,
        entry.Request,
        entry.Conversation,
        entry.Subject,
        entry.Old,
        entry.New,
        entry.Code,
        entry.Counts);
}

/// <summary>Who did it.</summary>
internal sealed record AuditActorAnswer(string Kind, string Id);

/// <summary>A page of a month's entries, newest first.</summary>
internal sealed record AuditListAnswer(IReadOnlyList<AuditEntryAnswer> Data, string? NextCursor, bool HasMore);

/// <summary>What came of looking through a part of a month. The oldest part that has a break has the month's first.</summary>
internal sealed record AuditVerdictAnswer(
    bool Intact, AuditBreakAnswer? FirstBreak, int Rows, int Seals, int LateSeals, int LateRows, string? LastSeal, string? NextCursor, bool HasMore)
{
    public static AuditVerdictAnswer Of(AuditVerdict verdict) => new(
        verdict.First is null,
        verdict.First is { } first ? new AuditBreakAnswer(first.Kind.Wire(), first.Key, first.Id, first.At) : null,
        verdict.Rows,
        verdict.Seals,
        verdict.LateSeals,
        verdict.LateRows,
        verdict.LastSeal,
        verdict.NextCursor,
        verdict.NextCursor is not null);
}

/// <summary>Where the log is not what was written.</summary>
internal sealed record AuditBreakAnswer(string Kind, string Row, Guid? Id, DateTimeOffset At);
