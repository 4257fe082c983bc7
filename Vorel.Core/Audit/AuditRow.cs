using Vorel.Core.Storage;

namespace Vorel.Core.Audit;

/// <summary>An event as it is kept: codes, ids and counts, never content. Inserted, never changed.</summary>
/// <param name="Id">Says when; the order of ids is the order of the rows.</param>
/// <param name="Action">What was done, as a code.</param>
/// <param name="Counts">How many, by name.</param>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record AuditRow(Guid Id, string Action, IReadOnlyDictionary<string, long> Counts) : IRow<AuditRow>
{
    private const string Count = "count_";

    public required string ActorKind { get; init; }

    public required string Actor { get; init; }

    public Guid? Request { get; init; }

    public Guid? Conversation { get; init; }

    /// <summary>The id of what it was done with, where it is one thing.</summary>
    public Guid? Subject { get; init; }

    public Guid? Old { get; init; }

    public Guid? New { get; init; }

    public string? Code { get; init; }

    public static string Table => "AuditLog";

    public string RowKey => Id.ToString("N");

    public static AuditRow Of(Guid id, AuditEvent of) => new(id, of.Action.Name, of.Counts.ToDictionary(count => count.Key.Name, count => count.Value))
    {
        ActorKind = of.Actor.Kind.Wire(),
        Actor = of.Actor.Id,
        Request = of.Actor.RequestId is { } request ? Guid.ParseExact(request, "D") : null,
        Conversation = of.Actor.Conversation,
        Subject = of.Subject,
        Old = of.Old,
        New = of.New,
        Code = of.Code?.Name,
    };

    public static AuditRow FromColumns(string rowKey, Columns columns) => new(
        Guid.ParseExact(rowKey, "N"),
        columns.Text("action"),
        columns.Values.Keys.Where(name => name.StartsWith(Count, StringComparison.Ordinal)).ToDictionary(name => name[Count.Length..], columns.Number))
    {
        ActorKind = columns.Text("actor_kind"),
        Actor = columns.Text("actor"),
        Request = columns.IdOrNull("request"),
        Conversation = columns.IdOrNull("conversation"),
        Subject = columns.IdOrNull("subject"),
        Old = columns.IdOrNull("old"),
        New = columns.IdOrNull("new"),
        Code = columns.TextOrNull("code"),
    };

    public Columns ToColumns() => Counts.Aggregate(
        new Columns()
            .Set("action", Action)
            .Set("actor_kind", ActorKind)
            .Set("actor", Actor)
            .Set("request", Request)
            .Set("conversation", Conversation)
            .Set("subject", Subject)
            .Set("old", Old)
            .Set("new", New)
            .Set("code", Code),
        (columns, count) => columns.Set(Count + count.Key, count.Value));
}
