using System.Text.Json;
using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Model.Mutants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Time;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Core.Tests.Model;

/// <summary>Where outbox, fan-out, ladder and mirror are tried: requests, subscribers' receivers and one CRM for each tenant.</summary>
internal sealed class Stage : Machinery
{
    private readonly CrmStandIn[] _crms;

    public Stage(Mutant mutant, Tally tally, List<string>? notes)
        : base(mutant, tally, notes)
    {
        Truth = new Truth(this);
        Receivers = new Receivers(Gate, Truth);
        _crms = [.. Enumerable.Range(0, Tenants).Select(number => new CrmStandIn(number, Gate, Truth))];
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var (id, url) = (Ids[tenant], $"https://crm.example.com/{tenant}");
            Begin("connect", 0, Course.Whole, process => process.Connecting.ConnectCustomWebhook(id, CrmRole.Main, url, null, AuditActor.System, default));
            Handle(0, 0, Course.Whole);
        }
    }

    public Truth Truth { get; }

    public override IWebhookSender Sender => Receivers;

    public Receivers Receivers { get; }

    public override void Raise(Alert alert)
    {
        Truth.Deliveries.Alerted(alert);
        base.Raise(alert);
    }

    public override void Settled() => Truth.Settled();

    public override IEnumerable<(int Count, string What)> Open() =>
    [
        (Truth.Writes.Owing, "outbox rows"),
        (Truth.Mirror.Owed, "todo rows"),
        (Truth.Deliveries.Open, "deliveries"),
    ];

    /// <summary>A subscription that goes on failing is looked at for as long.</summary>
    public override bool Stays(string hint) =>
        base.Stays(hint) || (hint.Split('|') is [_, "subscription", var id] && Truth.Deliveries.IsFailing(Guid.Parse(id)));

    public override void Committed(Flight flight, string table, string partition, IReadOnlyList<RowWrite> writes) =>
        Truth.Committed(flight, table, partition, writes);

    public override void Woken(RecordKind? kind, Guid id) => Truth.Mirror.Woken(kind, id);

    public override ICrmDriver CrmOf(JsonElement credentials) => Mutant.Crm(_crms[int.Parse(credentials.GetProperty("url").GetString()!.Split('/')[^1])]);

    public CrmStandIn Crm(int tenant) => _crms[tenant];

    public void Ask(Request request, int process, Course course)
    {
        Truth.Writes.Asked(request);
        RecordAnswer? answer = null;
        var key = IdempotencyKey.Parse(request.Key);
        var body = JsonElement.Parse(request.Json);
        Begin(
            request.Target is null ? $"POST {request.Kind} {request.Json}" : $"PATCH {request.Target.Kind} {request.Json}",
            process,
            course,
            async running => answer = await (request.Target is { } target
                ? running.Records.Patch(Ids[request.Tenant], request.Kind, target.Id.ToString("D"), body, key, default)
                : running.Records.Create(Ids[request.Tenant], request.Kind, body, key, default)),
            (flight, failure) => Truth.Writes.Answered(flight, request, failure, answer),
            request);
    }

    public void Subscribe(int tenant, IReadOnlyList<string> events, IReadOnlyList<Receivers.Answer> answers)
    {
        var url = $"https://hooks.example.com/{Begun}";
        Receivers.Script(url, answers);
        Begin("subscribe", 0, Course.Whole, process => process.Subscriptions.Create(Ids[tenant], url, events, null, AuditActor.System, default));
    }

    public void Unsubscribe(int tenant, Guid id, bool deletes, int process, Course course)
    {
        Tally.Count(deletes ? "a subscription was deleted" : "a subscription was disabled");
        Begin(
            deletes ? "unsubscribe" : "disable",
            process,
            course,
            running => deletes
                ? running.Subscriptions.Delete(Ids[tenant], id.ToString("D"), AuditActor.System, default)
                : running.Subscriptions.DisableGone(Ids[tenant], id, Guid.NewGuid(), default),
            (flight, failure) => Expect(flight, failure is NotFoundException ? null : failure));
    }
}
