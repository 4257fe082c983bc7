using System.Buffers;
using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Records;

/// <summary>The row keys of the <c>Records</c> table. A digest stands where a value of a customer's would.</summary>
internal static class RecordKeys
{
    /// <summary>What the keys of all todo rows start with.</summary>
    public const string Todos = "todo|mirror|";

    /// <summary>What the keys of all rows start with that say when an Idempotency-Key is over.</summary>
    public const string IdempotencyExpiries = "idemx|";

    /// <summary>How many digits the moment has in the keys of a list by a moment.</summary>
    public const int PlaceLength = 19;

    private const string OutboxPrefix = "outbox|";
    private const string CatalogueOutboxPrefix = "outbox.offerings|";

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>A record: newest first within its kind.</summary>
    public static string Record(RecordKind kind, Guid id) => $"{kind.Name}|{Uuid7.ToKey(id)}";

    /// <summary>A message: oldest first within its conversation.</summary>
    public static string Message(Guid conversation, long sequence) => $"{MessagePrefix(conversation)}{sequence:D19}";

    /// <summary>What the keys of a conversation's messages start with.</summary>
    public static string MessagePrefix(Guid conversation) => $"message|{Uuid7.ToKey(conversation)}|";

    /// <summary>The keys of a conversation's messages from one number to another, both included.</summary>
    public static RowRange Messages(Guid conversation, long first, long last) => new(Message(conversation, first), Message(conversation, last + 1));

    /// <summary>What the keys of all records of a kind start with.</summary>
    public static string Prefix(RecordKind kind) => kind.Name + "|";

    /// <summary>The row that makes a record's unique fields unique.</summary>
    public static string Index(RecordKind kind, string digest) => $"ix|{kind.Name}|{digest}";

    /// <summary>The row that puts a record in its place in a list by a moment: the latest first, and of two at once the newer first.</summary>
    public static string Listed(RecordKind kind, DateTimeOffset moment, Guid id) =>
        Listed(kind, $"{DateTimeOffset.MaxValue.Ticks - moment.UtcTicks:D19}", id);

    /// <summary>The same from a place that <see cref="Place"/> gave.</summary>
    public static string Listed(RecordKind kind, string place, Guid id) => $"{ListedPrefix(kind)}{place}|{Uuid7.ToKey(id)}";

    /// <summary>The moment of a row of a list by a moment, as <see cref="PlaceLength"/> digits.</summary>
    public static string Place(RecordKind kind, string key) => key.Substring(ListedPrefix(kind).Length, PlaceLength);

    /// <summary>What the keys of all rows of a list by a moment start with.</summary>
    public static string ListedPrefix(RecordKind kind) => $"ix|{kind.Name}.{kind.ListedBy}|";

    /// <summary>What an Idempotency-Key was used for.</summary>
    public static string Idempotency(string digest) => $"idem|{digest}";

    /// <summary>Where the sweep finds what an Idempotency-Key was used for, once the hour of its end is past.</summary>
    public static string IdempotencyExpiry(string hour, string digest) => $"{IdempotencyExpiries}{hour}|{digest}";

    /// <summary>The events of one write, on their way.</summary>
    public static string Outbox(RecordKind kind, Guid write) => $"{(kind.Table == RecordRow.Table ? OutboxPrefix : CatalogueOutboxPrefix)}{Uuid7.ToKey(write)}";

    /// <summary>Whether a text from a message has the form of an outbox row's key.</summary>
    public static bool IsOutbox(string key)
    {
        var prefix = key.StartsWith(CatalogueOutboxPrefix, StringComparison.Ordinal) ? CatalogueOutboxPrefix : OutboxPrefix;
        return key.Length == prefix.Length + 32 && key.StartsWith(prefix, StringComparison.Ordinal) && key.AsSpan(prefix.Length).ContainsAnyExcept(s_hexDigits) is false;
    }

    /// <summary>The table of an outbox row or of the tombstone under its key: the one in which its write commits.</summary>
    public static string TableOf(string outboxKey) =>
        outboxKey.StartsWith(CatalogueOutboxPrefix, StringComparison.Ordinal) ? RecordKinds.Offering.Table : RecordRow.Table;

    /// <summary>A version that the CRM does not hold yet.</summary>
    public static string Todo(string kind, Guid id, long version) => $"{TodoPrefix(kind, id)}{version:D19}";

    /// <summary>Whether a text from a message can be a todo row's key.</summary>
    public static bool IsTodo(string key) =>
        key.Length < 100 && key.StartsWith(Todos, StringComparison.Ordinal) && !key.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>What the keys of a record's todo rows start with; they end in the version.</summary>
    public static string TodoPrefix(string kind, Guid id) => $"{Todos}{kind}:{id:D}|";
}
