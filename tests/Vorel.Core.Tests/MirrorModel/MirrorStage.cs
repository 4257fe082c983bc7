using System.Text.Json;
using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;
using Vorel.Core.Tests.Model.Mutants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>Where mirror and retention are tried: requests, and several systems that each tenant connects, replaces and removes.</summary>
internal sealed class MirrorStage : Machinery
{
    private readonly NobodyToSendTo _sender = new();
    private DateTimeOffset _latest;
    private int _said;

    public MirrorStage(Mutant mutant, Tally tally, List<string>? notes)
        : base(mutant, tally, notes)
    {
        Records = new RecordBook(this);
        Debts = new DebtBook(this);
        Incidents = new IncidentBook(this);
        Links = new LinkBook(this);
        Redrives = new RedriveBook(this);
        Systems = new SystemBook(this);
        _latest = Domain.GetUtcNow();
    }

    public RecordBook Records { get; }

    public DebtBook Debts { get; }

    public IncidentBook Incidents { get; }

    public LinkBook Links { get; }

    public RedriveBook Redrives { get; }

    public SystemBook Systems { get; }

    public override IWebhookSender Sender => _sender;

    public override ICrmDriver CrmOf(JsonElement credentials)
    {
        var host = new Uri(credentials.GetProperty("url").GetString()!).Host;
        return Mutant.Crm(Systems.All.Single(system => system.Host == host));
    }

    public override IEnumerable<(int Count, string What)> Open() => 
        [(Records.Announced, "outbox rows"), (Debts.Count, "todo rows"), (Incidents.Open, "open incidents"), (Redrives.Running, "redrives")];

    /// <summary>
    /// The domain clock is right again, if it was set back. Each tenant connects a system that takes everything, unless it has. What failed
    /// for good and waits for no parent is redriven, as long as there is any.
    /// </summary>
    public override void Mend(int round)
    {
        for (var tenant = 0; tenant < Tenants && round > 0; tenant++)
        {
            if (Debts.HasFailures(tenant) && !Redrives.IsRunning(tenant))
            {
                Redrive(tenant, new RedriveScope.Tenant(), 0, Course.Whole);
            }
        }

        if (round > 0)
        {
            return;
        }

        Domain.Move(_latest - Domain.GetUtcNow());
        foreach (var system in Systems.All)
        {
            system.IsAway = false;
            system.Script([]);
        }

        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var full = Enumerable.Range(0, 2).Where(number => Links.IsMain(tenant, Systems.Of(tenant, number))).ToList();
            if (full.Count == 0)
            {
                Connect(tenant, 0, CrmRole.Main, 0, Course.Whole);
            }
        }
    }

    public override void Settled() => Windows.Pass(this);

    public override void Committed(Flight flight, string table, string partition, IReadOnlyList<RowWrite> writes)
    {
        var tenant = TenantOf(partition);
        RequireOwn(flight, partition, writes);
        if (table == "Records")
        {
            Records.Committed(flight, tenant, writes);
        }
        else if (table == "Redrives")
        {
            Redrives.Committed(tenant, writes);
        }
        else if (table == "Incidents")
        {
            Incidents.Committed(flight, tenant, writes);
        }
        else if (table == LinkBook.Table)
        {
            Links.Written(flight, tenant, writes[0]);
        }
    }

    public override void Read(Flight flight, string table, string partition, string key, Row? row)
    {
        if (table == LinkBook.Table)
        {
            Links.Seen(flight, key, row);
        }
    }

    public override void Move(TimeSpan domain, TimeSpan real)
    {
        for (var tenant = 0; tenant < Tenants && domain < TimeSpan.Zero; tenant++)
        {
            Debts.Remember(tenant);
        }

        base.Move(domain, real);
        _latest = Domain.GetUtcNow() > _latest ? Domain.GetUtcNow() : _latest;
        if (domain < TimeSpan.Zero)
        {
            Systems.DomainGoesBack(Domain.GetUtcNow());
        }
    }

    public override void Raise(Alert alert)
    {
        base.Raise(alert);
        Incidents.Alerted(alert);
    }

    /// <summary>For some minutes all that can go on does: whoever is stuck by then is told of.</summary>
    public void Lull()
    {
        var began = Next();
        for (var minute = 0; minute < 6 && Violations.Count == 0; minute++)
        {
            Settling.Round(this);
            Move(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }

        Settling.Round(this);
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            if (Links.HasMain(tenant))
            {
                Incidents.RequireOpen(tenant, began);
            }
        }
    }

    /// <summary>
    /// A change is held up before its effect, its record's window ends, a sweep looks and is held up as well; then both go on.
    /// </summary>
    public void Race(Kept record, int calls, int sweepCalls)
    {
        var begun = Begun;
        Change(record, "", 0, new Course(calls, Fate.Held));
        if (record.End is not { } end || Flights is not [.., var change] || Begun == begun || end <= Domain.GetUtcNow() || !change.Name.StartsWith("change", StringComparison.Ordinal))
        {
            return;
        }

        Tally.Count("a change was held up until its window was over");
        Move(end.AddHours(1) - Domain.GetUtcNow(), TimeSpan.Zero);
        Sweep(1, new Course(sweepCalls, Fate.Held));
        var sweep = Flights.Find(flight => flight.Name.StartsWith("sweep", StringComparison.Ordinal));
        Resume(change, Fate.Works);
        if (sweep is not null)
        {
            Resume(sweep, Fate.Works);
        }
    }

    public void Connect(int tenant, int system, CrmRole role, int process, Course course)
    {
        var host = SystemBook.HostOf(tenant, system);
        var url = $"https://{host}/in";
        Begin(
            $"connect {host} as {role} of {Ids[tenant]}",
            process,
            course,
            running => running.Connecting.ConnectCustomWebhook(Ids[tenant], role, url, null, AuditActor.System, default),
            (flight, failure) => Require(
                failure is null || (failure is StoreUnavailableException && (flight.Unanswered > 0 || flight.WasHeld)), $"{flight.Name} failed: {failure}"),
            before: flight => Systems.Connecting(flight, host));
    }

    public void Disconnect(int tenant, CrmRole role, int process, Course course) => Ask(
        $"disconnect {role}", tenant, process, course, async running => await running.Connecting.Disconnect(Ids[tenant], role, AuditActor.System, default));

    public void Redrive(int tenant, RedriveScope scope, int process, Course course) => Ask(
        $"redrive {scope.GetType().Name}", tenant, process, course, running => running.Redrives.Start(Ids[tenant], scope, 50, AuditActor.System, default));

    /// <summary>Creates a record of a kind; its fields but for what tells its content from all others.</summary>
    public void Create(int tenant, RecordKind kind, string fields, int process, Course course) => Ask(
        $"create {kind} {fields}", tenant, process, course, running => running.Records.Create(Ids[tenant], kind, Body(kind, fields), null, default));

    public void Change(Kept record, string fields, int process, Course course)
    {
        var kind = RecordKinds.Find(record.Kind)!;
        Ask($"change {record}", record.Tenant, process, course, running => running.Records.Patch(Ids[record.Tenant], kind, record.Id.ToString("D"), Body(kind, fields), null, default));
    }

    public void Append(Kept conversation, int process, Course course) => Ask(
        $"append to {conversation}",
        conversation.Tenant,
        process,
        course,
        running => running.Transcripts.Append(Ids[conversation.Tenant], conversation.Id.ToString("D"), Body(RecordKinds.Message, "\"role\":\"customer\","), null, default));

    public void Close(Kept conversation, int process, Course course) => Ask(
        $"close {conversation}", conversation.Tenant, process, course, running => running.Conversations.Close(Ids[conversation.Tenant], conversation.Id.ToString("D"), default));

    public void Sweep(int process, Course course)
    {
        foreach (var _ in Records.Stored.Where(record => record.End is null && Domain.GetUtcNow() - record.MadeAt > TimeSpan.FromDays(30)))
        {
            Tally.Count("a sweep began while a row is kept because nobody holds it");
        }

        if (course != Course.Whole)
        {
            Tally.Count("a sweep was held up or killed");
        }

        Begin("sweep", process, course, running => running.Bulk.Sweep(default));
    }

    /// <summary>Whatever a caller is told, it fails of nothing but this.</summary>
    private void Ask(string what, int tenant, int process, Course course, Func<Process, Task> work) => Begin(
        $"{what} for {Ids[tenant]}",
        process,
        course,
        work,
        (flight, failure) =>
        {
            Tally.Count("a request ended: " + (failure?.GetType().Name ?? "done"));
            Require(failure is null or NotFoundException or ConflictException or UnavailableException || (failure is StoreUnavailableException && flight.Unanswered > 0), $"{flight.Name} failed: {failure}");
        });

    private JsonElement Body(RecordKind kind, string fields) =>
        JsonElement.Parse($$"""{{{fields}}"{{(kind == RecordKinds.Conversation ? "customer_name" : kind == RecordKinds.Message ? "content" : "name")}}":"said {{++_said}}"}""");

    /// <summary>Whoever works for one tenant, by what the operation names, touches no row of another's.</summary>
    private void RequireOwn(Flight flight, string partition, IReadOnlyList<RowWrite> writes)
    {
        var named = Ids.Where(id => flight.Name.Contains(id.ToString(), StringComparison.Ordinal)).Select(id => id.ToString()).ToList();
        var touched = Ids.Select(id => id.ToString()).Where(id => partition == id || writes.Any(write => write.Key.StartsWith(id + "|", StringComparison.Ordinal)));
        Require(named.Count == 0 || touched.All(named.Contains), $"{flight.Name} wrote another tenant's {writes[0].Key}");
    }

    private sealed class NobodyToSendTo : IWebhookSender
    {
        public Task<AttemptOutcome> Send(WebhookRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
