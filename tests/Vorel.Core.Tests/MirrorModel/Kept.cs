using System.Globalization;
using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>A record, or a message, as its transactions made it.</summary>
/// <param name="tenant">Whose.</param>
/// <param name="key">Its row key, which starts with its kind.</param>
/// <param name="id">Its id.</param>
/// <param name="number">The number of a message in its conversation; else 0.</param>
/// <param name="parent">The conversation that it belongs to, if any.</param>
internal sealed class Kept(int tenant, string key, Guid id, long number, Guid? parent)
{
    public int Tenant { get; } = tenant;

    public string Key { get; } = key;

    public string Kind { get; } = key.Split('|')[0];

    public Guid Id { get; } = id;

    public long Number { get; } = number;

    public Guid? Parent { get; } = parent;

    /// <summary>What tells the content of each version from all others, the first at index 0.</summary>
    public List<string> Versions { get; } = [];

    public DateTimeOffset MadeAt { get; } = Uuid7.TimeOf(id);

    /// <summary>When the last message was appended, of conversations.</summary>
    public DateTimeOffset SpokenAt { get; private set; }

    /// <summary>Which version of it the product says that which system holds, and since when.</summary>
    public (string System, long Version, DateTimeOffset At)? Stamp { get; private set; }

    public bool IsGone { get; set; }

    public bool IsMessage => Number > 0;

    /// <summary>What the CRM is owed it as: messages under their conversation, by number.</summary>
    public string Debt(long version) => IsMessage ? $"message:{Parent:D}|{Number:D19}" : $"{Kind}:{Id:D}|{version:D19}";

    /// <summary>When its window ends; null while nobody is said to hold its current version.</summary>
    public DateTimeOffset? End => Stamp is { } stamp && stamp.Version == Versions.Count
        ? new[] { MadeAt, stamp.At, SpokenAt }.Max() + TimeSpan.FromDays(IsMessage ? 7 : 30)
        : null;

    /// <summary>Takes what a transaction wrote.</summary>
    public void Take(IReadOnlyDictionary<string, object> columns)
    {
        if ((long)columns["vorel_version"] > Versions.Count)
        {
            Versions.Add(TagOf(Kind, field => columns.GetValueOrDefault(field) as string));
        }

        SpokenAt = columns.GetValueOrDefault("last_message_at") is DateTimeOffset at ? at : SpokenAt;
        Stamp = columns.GetValueOrDefault("vorel_external_id") is null
            ? null
            : ((string)columns["vorel_system"], (long)columns["vorel_synced_version"], (DateTimeOffset)columns["vorel_synced_at"]);
    }

    /// <summary>Reads what was inserted.</summary>
    public static Kept Of(int tenant, RowWrite.Insert row)
    {
        var made = new Kept(
            tenant,
            row.Key,
            (Guid)row.Columns["id"],
            row.Columns.GetValueOrDefault("sequence_number") as long? ?? 0,
            row.Columns.GetValueOrDefault("conversation_id") as Guid?);
        made.Take(row.Columns);
        return made;
    }

    /// <summary>Every request of a history says something that no other says; that and the status tell versions apart.</summary>
    public static string TagOf(string kind, Func<string, string?> field) =>
        string.Create(CultureInfo.InvariantCulture, $"{field(kind switch { "conversation" => "customer_name", "message" => "content", _ => "name" })}/{field("status")}");

    public override string ToString() => IsMessage ? $"message {Number} of {Parent:D}" : $"{Kind} {Id:D}";
}
