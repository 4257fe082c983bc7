using System.Collections.Immutable;
using Vorel.Core.Ids;
using Vorel.Core.Outbox;

namespace Vorel.Core.Records;

/// <summary>
/// A stored record of any kind: customer content of class (c), or of the tenant's catalogue. Which kind it is, and how long it lives, is the subtype's.
/// </summary>
public abstract record RecordRow
{
    /// <summary>The table of all records.</summary>
    public const string Table = "Records";

    /// <summary>The kind, which says what <see cref="Values"/> may hold.</summary>
    public abstract RecordKind Kind { get; }

    /// <summary>The id, which also says when the record was made.</summary>
    public Guid Id { get; init; }

    /// <summary>1 at creation, one more with every change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The fields that are not null, by name: text, whole numbers, ids, moments, and attributes as UTF-8 JSON.</summary>
    public ImmutableDictionary<string, object> Values { get; init; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>When the current version was made.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Events that a record has once in its life, and that this one has had.</summary>
    public ImmutableSortedSet<string> Milestones { get; init; } = [];

    /// <summary>How the CRM is doing.</summary>
    public RecordSync? Sync { get; init; }

    /// <summary>When the record was made.</summary>
    public DateTimeOffset CreatedAt => Uuid7.TimeOf(Id);

    /// <summary>The number of the last message that was appended; of conversations only.</summary>
    public long LastSequence { get; init; }

    /// <summary>
    /// A successor has taken over its unique fields: it was past its window, and stays only until the CRM has all of its messages.
    /// </summary>
    internal bool Displaced { get; init; }

    /// <summary>The row key.</summary>
    public virtual string RowKey => RecordKeys.Record(Kind, Id);

    /// <summary>What the CRM is owed once this version is stored, if it is told of the kind at all.</summary>
    internal virtual TodoRow? Debt => new(Kind.Name, Id, Version, UpdatedAt);

    /// <summary>
    /// Whether the record's window is over, so that it reads as not there. The window starts at the later of the insert and
    /// the CRM success of the current version; what the CRM does not hold yet never expires.
    /// </summary>
    public virtual bool IsExpired(DateTimeOffset now) => Displaced || (PurgeDue is { } due && now >= due);

    /// <summary>When the window ends; null while the CRM does not hold the current version.</summary>
    public DateTimeOffset? PurgeDue => Sync is { } sync && sync.Version == Version ? WindowEnd(sync.At) : null;

    /// <summary>When the window ends, or will end, of a record whose current version the CRM has held since <paramref name="syncedAt"/>.</summary>
    public DateTimeOffset WindowEnd(DateTimeOffset syncedAt) => EndOf(syncedAt > CreatedAt ? syncedAt : CreatedAt);

    /// <summary>When a window ends that starts at the later of the insert and the CRM success.</summary>
    protected virtual DateTimeOffset EndOf(DateTimeOffset start) => start + Kind.Window;

    /// <summary>Whether a field holds another value than in <paramref name="other"/>.</summary>
    internal bool Differs(RecordRow other, string field) => (Values.GetValueOrDefault(field), other.Values.GetValueOrDefault(field)) switch
    {
        (byte[] mine, byte[] theirs) => !Attributes.Same(mine, theirs),
        var (mine, theirs) => !Equals(mine, theirs),
    };
}
