using Vorel.Core.Crm;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>The records, what the CRM is owed of them, and how they go.</summary>
internal sealed class RecordBook(MirrorStage stage)
{
    private readonly Dictionary<(int Tenant, string Key), Kept> _kept = [];
    private readonly List<Kept> _records = [];
    private readonly Dictionary<(int Tenant, string Key), Guid> _pointers = [];
    private readonly HashSet<(int Tenant, string Key)> _announced = [];

    /// <summary>All that were ever made, messages too, in that order.</summary>
    public IReadOnlyList<Kept> All => _records;

    public int Announced => _announced.Count;

    public IEnumerable<Kept> Stored => _kept.Values;

    public Kept? Find(int tenant, Guid id) => _records.Find(record => record.Tenant == tenant && record.Id == id && !record.IsMessage);

    public Kept? FindMessage(int tenant, Guid conversation, long number) =>
        _records.Find(record => record.Tenant == tenant && record.Parent == conversation && record.Number == number);

    public void Committed(Flight flight, int tenant, IReadOnlyList<RowWrite> writes)
    {
        var changed = new List<Kept>();
        foreach (var write in writes)
        {
            switch (write.Key.Split('|')[0])
            {
                case "conversation" or "lead" or "customer" or "message":
                    changed.AddRange(Take(flight, tenant, write));
                    break;
                case "todo" when write is RowWrite.Insert debt:
                    stage.Debts.Written(tenant, debt);
                    break;
                case "todo" when write is RowWrite.Replace debt:
                    stage.Debts.Written(tenant, debt);
                    break;
                case "ix" when write is RowWrite.Delete:
                    _pointers.Remove((tenant, write.Key));
                    break;
                case "ix":
                    _pointers[(tenant, write.Key)] = (Guid)ColumnsOf(write)!["record"];
                    break;
                case "outbox":
                    _ = write is RowWrite.Delete ? _announced.Remove((tenant, write.Key)) : _announced.Add((tenant, write.Key));
                    break;
            }
        }

        foreach (var record in changed)
        {
            Judge(flight, record);
        }

        foreach (var paid in writes.OfType<RowWrite.Delete>().Where(write => write.Key.StartsWith("todo|", StringComparison.Ordinal)))
        {
            Pay(flight, tenant, paid.Key);
        }
    }

    /// <summary>A child must not come before its parent, unless nobody is owed the parent, or nobody takes it.</summary>
    public void RequireParent(Flight flight, StandIn system, Kept child)
    {
        if (child.Parent is { } parent)
        {
            RequireParentOfMessages(flight, system, parent);
        }
    }

    /// <inheritdoc cref="RequireParent"/>
    public void RequireParentOfMessages(Flight flight, StandIn system, Guid conversation)
    {
        var parent = Find(system.Tenant, conversation);
        if (parent is null or { IsGone: true })
        {
            return;
        }

        var pair = stage.Links.Pair(flight, system.Tenant).Append(system).ToList();
        var takers = stage.Systems.All.Where(one => one.Tenant == system.Tenant && stage.Systems.Holds(one, parent, 1)).ToList();
        var isThere = takers.Exists(pair.Contains) || (takers.Count > 0 && !pair[0].Capabilities.Objects.Contains(CrmObject.Conversation));

        var waits = stage.Debts.StandsInTheWay(flight, system.Tenant, conversation);
        stage.Tally.Count(isThere ? "a child came after its parent" : waits ? "a child came before its parent" : "a child came whose parent nobody is owed, or takes");
        stage.Require(isThere || !waits, $"{flight.Name}: {system.Host} got a child before conversation {conversation}");
    }

    private static IReadOnlyDictionary<string, object>? ColumnsOf(RowWrite write) => write switch
    {
        RowWrite.Insert insert => insert.Columns,
        RowWrite.Replace replace => replace.Columns,
        RowWrite.Upsert upsert => upsert.Columns,
        _ => null,
    };

    private IEnumerable<Kept> Take(Flight flight, int tenant, RowWrite write)
    {
        if (write is RowWrite.Insert insert)
        {
            var made = Kept.Of(tenant, insert);
            _kept[(tenant, write.Key)] = made;
            _records.Add(made);
            if (made.IsMessage)
            {
                var before = _records.Count(record => record.Tenant == tenant && record.Parent == made.Parent && record.IsMessage);
                stage.Require(made.Number == before, $"{flight.Name}: {made} is number {before}");
            }

            return [made];
        }

        var record = _kept[(tenant, write.Key)];
        if (write is RowWrite.Delete)
        {
            record.IsGone = true;
            _kept.Remove((tenant, write.Key));
            return [record];
        }

        var columns = ColumnsOf(write)!;
        var (versions, stamp) = (record.Versions.Count, record.Stamp);
        record.Take(columns);
        stage.Require((long)columns["vorel_version"] == record.Versions.Count && record.Versions.Count <= versions + 1, $"{flight.Name}: {record} went from version {versions} to {columns["vorel_version"]}");
        if (record.Stamp is { } present && present != stamp)
        {
            Stamped(flight, record, present);
        }

        return [record];
    }

    private void Stamped(Flight flight, Kept record, (string System, long Version, DateTimeOffset At) stamp)
    {
        if (stage.Systems.Named(stamp.System) is not { } system || !stage.Systems.Holds(system, record, stamp.Version))
        {
            stage.Violate($"{flight.Name}: {stamp.System} is said to hold version {stamp.Version} of {record}");
            return;
        }

        stage.Links.Stamped(flight, stamp.System);

        var latest = Max(flight.LatestDomain, stage.Domain.GetUtcNow());
        stage.Require(stamp.At >= SystemBook.Since(system, record, stamp.Version) && stamp.At <= latest, $"{flight.Name}: {record} is said to be held since {stamp.At:O}");
        stage.Tally.Count(stamp.Version == record.Versions.Count ? "a record was stamped" : "a record was stamped with an earlier version");
    }

    /// <summary>What is left by a transaction that changed a record.</summary>
    private void Judge(Flight flight, Kept record)
    {
        if (!record.IsGone)
        {
            var current = record.Versions.Count;
            stage.Require(
                record.Stamp?.Version == current || stage.Debts.Has(record.Tenant, record.Debt(current)), $"{flight.Name}: nobody holds version {current} of {record}, and nobody is owed it");
            return;
        }

        var now = Max(flight.LatestDomain, stage.Domain.GetUtcNow());
        stage.Tally.Count(flight.Name.Contains("sweep", StringComparison.Ordinal) ? "a row was purged: " + record.Kind : "a row went by a successor: " + record.Kind);
        if (record.End is not { } end || end > now)
        {
            stage.Violate($"{flight.Name}: {record} went at {now:O}, its window ends {record.End:O}");
            return;
        }

        stage.Require(stage.Systems.Holds(stage.Systems.Named(record.Stamp!.Value.System)!, record, record.Versions.Count), $"{flight.Name}: {record} went, and nobody holds it");
        stage.Require(!_pointers.Any(pointer => pointer.Key.Tenant == record.Tenant && pointer.Value == record.Id), $"{flight.Name}: {record} went without its index rows");
        stage.Require(
            record.Kind != "conversation" || !stage.Debts.HasAny(record.Tenant, $"message:{record.Id:D}|"),
            $"{flight.Name}: {record} went before its messages were taken");
    }

    private void Pay(Flight flight, int tenant, string key)
    {
        if (stage.Debts.Removed(tenant, key) is not { } paid)
        {
            return;
        }

        var record = _records.Find(record => record.Tenant == tenant && key.EndsWith("|" + record.Debt(paid), StringComparison.Ordinal));
        stage.Require(record is { IsGone: true } || record?.Stamp?.Version >= (record!.IsMessage ? 1 : paid), $"{flight.Name}: {key} went, and nobody is said to hold it");
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
