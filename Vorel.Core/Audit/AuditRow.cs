using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>An event as it is kept: codes, ids and counts, never content. Inserted, never changed.</summary>
/// <param name="Id">Says when; the order of ids is the order of the rows.</param>
/// <param name="Action">What was done, as a code.</param>
/// <param name="Counts">How many, by name.</param>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record AuditRow(Guid Id, string Action, IReadOnlyDictionary<string, long> Counts) : IRow<AuditRow>
{
    private const string Count = "count_";
    private const long Format = 1;

    public required string ActorKind { get; init; }

    public required string Actor { get; init; }

    public Guid? Request { get; init; }

    public Guid? Conversation { get; init; }

    /// <summary>The id of what it was done with, where it is one thing.</summary>
    public Guid? Subject { get; init; }

    public Guid? Old { get; init; }

    public Guid? New { get; init; }

    public string? Code { get; init; }

    /// <summary>Whose row it is: one process's, in one month.</summary>
    public required Guid Chain { get; init; }

    /// <summary>Its number there, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The row before it there; null in the first.</summary>
    public Guid? Previous { get; init; }

    public byte[]? PreviousMac { get; init; }

    public byte[]? Mac { get; init; }

    public static string Table => "AuditLog";

    public string RowKey => AuditKeys.Of(Id);

    /// <summary>The row of an event, behind the end of a chain.</summary>
    public static AuditRow Of(Guid id, AuditEvent of, AuditHead after, AuditKey key, TenantId tenant)
    {
        var row = new AuditRow(id, of.Action.Name, of.Counts.ToDictionary(count => count.Key.Name, count => count.Value))
        {
            ActorKind = of.Actor.Kind.Wire(),
            Actor = of.Actor.Id,
            Request = of.Actor.RequestId is { } request ? Guid.ParseExact(request, "D") : null,
            Conversation = of.Actor.Conversation,
            Subject = of.Subject,
            Old = of.Old,
            New = of.New,
            Code = of.Code?.Name,
            Chain = after.Chain,
            Sequence = after.Sequence + 1,
            Previous = after.Sequence == 0 ? null : after.Last,
            PreviousMac = after.Sequence == 0 ? null : after.Mac,
        };
        return row with { Mac = key.Mac(tenant, row.RowKey, row.ToColumns().Values) };
    }

    public static AuditRow FromColumns(string rowKey, Columns columns) => new(
        columns.Id("id"),
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
        Chain = columns.Id("chain"),
        Sequence = columns.Number("sequence"),
        Previous = columns.IdOrNull("previous"),
        PreviousMac = columns.Values.ContainsKey("previous_mac") ? columns.Binary("previous_mac") : null,
        Mac = columns.Binary(AuditKey.Column),
    };

    public Columns ToColumns() => Counts.Aggregate(
        new Columns()
            .Set("format", Format)
            .Set("id", Id)
            .Set("action", Action)
            .Set("actor_kind", ActorKind)
            .Set("actor", Actor)
            .Set("request", Request)
            .Set("conversation", Conversation)
            .Set("subject", Subject)
            .Set("old", Old)
            .Set("new", New)
            .Set("code", Code)
            .Set("chain", Chain)
            .Set("sequence", Sequence)
            .Set("previous", Previous)
            .Set("previous_mac", PreviousMac)
            .Set(AuditKey.Column, Mac),
        (columns, count) => columns.Set(Count + count.Key, count.Value));

    /// <summary>The end of the chain that this row is.</summary>
    public AuditHead ToHead() => new(Chain, Sequence, Id, Mac!);
}
