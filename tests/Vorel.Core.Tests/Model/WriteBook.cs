using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>Which writes stand, what their callers were told, and which events they owe.</summary>
internal sealed class WriteBook(Truth truth)
{
    private static readonly TimeSpan s_tombstoneLife = TimeSpan.FromMinutes(10);

    // A key counts for 24 h of the domain clock, which a history may set back by minutes.
    private static readonly TimeSpan s_keyLife = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(10);

    private readonly List<Request> _requests = [];
    private readonly Dictionary<string, ModelWrite> _owing = [];
    private readonly Dictionary<string, DateTimeOffset> _buried = [];

    public List<ModelRecord> Records { get; } = [];

    public List<ModelWrite> Writes { get; } = [];

    public Dictionary<Guid, ModelWrite> ByEvent { get; } = [];

    public IReadOnlyList<Request> Requests => _requests;

    /// <summary>How many outbox rows are there, without tombstones.</summary>
    public int Owing => _owing.Count;

    public void Asked(Request request) => _requests.Add(request);

    public void Committed(Flight flight, int tenant, IReadOnlyList<RowWrite> writes)
    {
        foreach (var write in writes.Where(write => write.Key.StartsWith("outbox|", StringComparison.Ordinal)))
        {
            switch (write)
            {
                case RowWrite.Insert { Columns: var columns } when (string)columns["state"] == "tombstone":
                    truth.Tally.Count("a tombstone was set");
                    _buried[write.Key] = (DateTimeOffset)columns["buried_at"];
                    truth.Require(_buried[write.Key] <= truth.Real, "a tombstone is of a time to come");
                    break;
                case RowWrite.Insert insert:
                    Accept(flight, tenant, insert, writes);
                    break;
                case RowWrite.Replace replace:
                    Sent(_owing[write.Key], (long)replace.Columns["legs"]);
                    break;
                case RowWrite.Delete when _owing.Remove(write.Key, out var owing):
                    Sent(owing, 3);
                    owing.GoneAt = truth.Now;
                    break;
                case RowWrite.Delete when _buried.Remove(write.Key, out var buriedAt):
                    truth.Require(truth.Real - buriedAt >= s_tombstoneLife, "a tombstone went before its ten minutes were over");
                    break;
            }
        }
    }

    /// <summary>Takes note of what a caller was told.</summary>
    public void Answered(Flight flight, Request request, Exception? refusal, RecordAnswer? answer)
    {
        if (answer is not null)
        {
            truth.Require(Stands(flight, request, answer), $"{flight.Name}: a caller was told of success where nothing stands");
            return;
        }

        var unknown = refusal is UnavailableException && flight.Unanswered > 1;
        truth.Tally.Count(unknown ? "a caller was told 503 of an unknown outcome" : "a write was refused: " + refusal!.GetType().Name);
        truth.Require(refusal is ProblemException and not ValidationException, $"{flight.Name}: ended with {refusal}");
        if (unknown)
        {
            return;
        }

        request.IsRefused = true;
        truth.Require(request.Write is null, $"{flight.Name}: a write stands whose caller was refused with {refusal!.GetType().Name}");
        if (refusal is ConflictException && request.Target is null)
        {
            truth.Require(Records.Exists(record => IsSame(record, request)), $"{flight.Name}: a duplicate was refused of a record that is not there");
        }
        else if (refusal is IdempotencyConflictException)
        {
            truth.Require(Others(request).Any(other => other.Json != request.Json), $"{flight.Name}: a key was refused that was not used otherwise");
        }
    }

    public void Settled()
    {
        foreach (var write in Writes.Where(write => write.GoneAt is null))
        {
            truth.Violate($"the outbox row of version {write.Version} of {write.Record.Kind} {write.Record.Id} is still there");
        }
    }

    private static bool IsSame(ModelRecord record, Request request) =>
        record.Tenant == request.Tenant && record.Kind == request.Kind && record.Kind.Unique[0].Fields.All(field => record.Versions[0][field] == request.Fields[field]);

    private IEnumerable<Request> Others(Request request) =>
        request.Key is null ? [] : _requests.Where(other => other != request && other.Use == request.Use);

    /// <summary>Whether a success is true: the write stands, or an earlier one under the same key does, or there was nothing to change.</summary>
    private bool Stands(Flight flight, Request request, RecordAnswer answer)
    {
        if (request.Write is { } write)
        {
            return write.Record.Id == answer.Record.Id;
        }

        if (Others(request).Any(other => other.Write is not null && other.Json != request.Json && IsFresh(flight, other)))
        {
            return false;
        }

        if (Others(request).Any(other => other.Json == request.Json && (other.Write?.Record ?? other.Target)?.Id == answer.Record.Id))
        {
            truth.Tally.Count("a repeat of a key got the first one's answer");
            return true;
        }

        return request.Target is { } target
            && target.Versions.Skip(request.VersionsBefore - 1).Any(version => request.Fields.All(field => version.GetValueOrDefault(field.Key) == field.Value));
    }

    private bool IsFresh(Flight flight, Request use) => truth.Domain < use.BegunAt + s_keyLife && flight.LatestDomain < use.BegunAt + s_keyLife;

    private void Accept(Flight flight, int tenant, RowWrite.Insert outbox, IReadOnlyList<RowWrite> writes)
    {
        if (flight.Request is not { } request || request.Tenant != tenant)
        {
            truth.Violate($"{flight.Name}: wrote a record that nobody asked for");
            return;
        }

        truth.Require(!request.IsRefused, $"{flight.Name}: a write landed after its caller was refused");
        truth.Require(request.Write is null, $"{flight.Name}: wrote twice");
        truth.Require(!_buried.ContainsKey(outbox.Key), $"{flight.Name}: a write landed that was buried");
        truth.Require(!Others(request).Any(other => other.Write is not null && IsFresh(flight, other)), $"{flight.Name}: a key made a second write");
        truth.Tally.Count("a write was accepted: " + (request.Target is null ? request.Kind.Name : "change"));
        var record = request.Target;
        if (record is null)
        {
            truth.Require(!Records.Exists(other => IsSame(other, request)), $"{flight.Name}: a second record has the same unique fields");
            Records.Add(record = new ModelRecord(tenant, request.Kind, (Guid)outbox.Columns["record"]));
        }

        var write = request.Write = new ModelWrite(request, record, record.Versions.Count + 1, outbox.Key, truth.Now);
        truth.Require(
            writes.OfType<RowWrite.Insert>().Any(todo => todo.Key == $"todo|mirror|{record.Kind}:{record.Id:D}|{write.Version:D19}"),
            $"{flight.Name}: version {write.Version} was written without a todo row");
        Writes.Add(write);
        _owing.Add(outbox.Key, write);
        var names = Change(record, request);
        for (var index = 0; index < names.Count; index++)
        {
            truth.Require((string?)outbox.Columns.GetValueOrDefault($"event_{index}_name") == names[index], $"{flight.Name}: does not owe {names[index]}");
            var id = (Guid)outbox.Columns[$"event_{index}_id"];
            truth.Require(ByEvent.TryAdd(id, write), $"{flight.Name}: two events have one id");
            write.Events[id] = names[index];
        }

        truth.Require((long)outbox.Columns["events"] == names.Count, $"{flight.Name}: owes other events than {string.Join(", ", names)}");
    }

    /// <summary>Makes the next version; the events that it is worth.</summary>
    private static List<string> Change(ModelRecord record, Request request)
    {
        var isNew = record.Versions.Count == 0;
        var fields = isNew ? [] : new Dictionary<string, string>(record.Versions[^1]);
        foreach (var (name, value) in request.Fields)
        {
            fields[name] = value;
        }

        record.Versions.Add(fields);
        List<string> events = record.Kind == RecordKinds.Conversation ? isNew ? ["conversation.created"] : [] : [isNew ? "lead.created" : "lead.updated"];
        if (record.Kind == RecordKinds.Lead && fields["status"] != "new" && !record.WasQualified)
        {
            record.WasQualified = true;
            events.Add("lead.qualified");
        }

        return events;
    }

    private void Sent(ModelWrite write, long legs)
    {
        if ((legs & 1) != 0)
        {
            truth.Deliveries.RequireAllOf(write);
        }

        truth.Require((legs & 2) == 0 || write.IsMirrorWoken || truth.Mirror.Holds(write.Record, write.Version), "the mirror leg was marked before anybody was started");
    }
}
