using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Retention;
using Vorel.Core.Security;
using Vorel.Core.Security.Egress;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Time;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Tests.Model;

/// <summary>One process of the product, over what it shares with the others. What it keeps in memory dies with it.</summary>
internal sealed class Process
{
    private static readonly RootSecret s_root = RootSecret.Parse("TEST", Convert.ToBase64String(new byte[32]));
    private static readonly EgressGuard s_egress = new(DevelopmentHosts.None);

    private static readonly AuditKey s_auditKey = new(s_root);

    public Process(Machinery stage, Clocks clocks, IdSource ids)
    {
        var (store, queue, hub, alerts) = (stage.ProductStore, stage.Queue, stage.Hub, (IAlerts)stage);
        var timings = new Timings();
        var protector = new PlainProtector();
        var hints = new DueHints(store);
        var vault = new PayloadVault(store, protector, clocks);
        var reader = new RecordReader(store, clocks);
        var tombstones = new Tombstones(store, hints, clocks);
        var starter = new DeliveryStarter(store, hub, hints, clocks);
        var audit = new AuditLog(store, hints, ids, s_auditKey, clocks);
        Redrives = new RedriveService(store, reader, queue, hints, audit, ids, clocks, timings);
        var decrypts = new AuditChannel(audit, clocks, alerts);
        var credentials = new CredentialVault(protector, decrypts);
        var tokens = new TokenRefresh(store, credentials, (_, _, _) => throw new NotSupportedException(), audit, hints, clocks);
        var drivers = new CredentialOpener(credentials, tokens, context => stage.CrmOf(context.Credentials));
        Connections = new CrmConnectionService(store, drivers);
        Connecting = new CrmConnecting(store, Connections, credentials, new CredentialTest(credentials, drivers, clocks), Redrives, hints, audit, ids, clocks);
        Subscriptions = new SubscriptionService(store, protector, s_egress, audit, ids, clocks, alerts);
        var mirrorStarter = new MirrorStarter(store, reader, Connections, hub, queue, hints, clocks, timings);
        var unreadable = new UnreadableMessages(queue, alerts);
        var digests = new IndexKey(s_root);
        var outbox = new OutboxWriter(store, queue, tombstones, vault, ids, clocks, timings, alerts);
        Records = new RecordService(store, outbox, reader, digests, ids, clocks);
        Transcripts = new Transcripts(store, outbox, reader, digests, ids, clocks);
        Conversations = new Conversations(Records);
        var looking = stage.Mutant.Looking(store);
        var events = new IncidentEvents(store, new RecordedEvents(new FaultPlan()), hints, clocks, alerts);
        var incidents = new IncidentService(looking, hints, events, ids, clocks, alerts);
        var webhooks = new WebhookIncidents(Subscriptions, incidents, hints, clocks);
        Deliveries = new DeliveryService(store, Subscriptions, new AttemptPermits(), vault, stage.Sender, webhooks, clocks, timings, alerts);
        var mirroring = stage.Mutant.Mirroring(store);
        Mirror = new MirrorService(mirroring, new RecordReader(mirroring, clocks), Connections, new CrmPermits(clocks, new Random(1)), hints, clocks);
        Live = new LiveMessages(
            new FanOut(store, tombstones, vault, Subscriptions, starter, mirrorStarter),
            mirrorStarter,
            unreadable);
        var sweeping = stage.Mutant.Sweeping(store);
        var sweep = new RetentionSweep(sweeping, new RecordReader(sweeping, clocks), digests, audit, clocks, alerts);
        Bulk = new BulkMessages(sweep, mirrorStarter, queue, unreadable);
        var envelopes = new EnvelopeProtector(new LocalEnvelopeProtector(s_root), null);
        var rewraps = new RewrapSlices(store, queue, envelopes, decrypts, clocks);
        Commands = new CommandMessages(new RedriveSlices(stage.Mutant.Redriving(store), queue, Connections, hints, clocks), rewraps, unreadable);
        var crm = new CrmIncidents(looking, reader, Connections, incidents, queue, clocks);
        var rewrap = new RewrapService(store, queue, envelopes, hints, ids, clocks);
        Tick = new Tick(hints, starter, tombstones, Redrives, rewrap, crm, webhooks, events, new AuditSeals(store, s_auditKey, clocks, alerts), clocks, alerts);
    }

    public CrmConnectionService Connections { get; }

    public CrmConnecting Connecting { get; }

    public SubscriptionService Subscriptions { get; }

    public RecordService Records { get; }

    public Transcripts Transcripts { get; }

    public Conversations Conversations { get; }

    public DeliveryService Deliveries { get; }

    public MirrorService Mirror { get; }

    public RedriveService Redrives { get; }

    public LiveMessages Live { get; }

    public BulkMessages Bulk { get; }

    public CommandMessages Commands { get; }

    public Tick Tick { get; }

    /// <summary>Handles a message as the function of its queue would.</summary>
    public Task Handle(string queue, string body) => queue switch
    {
        WorkQueues.Live => Live.Handle(body, default),
        WorkQueues.Bulk => Bulk.Handle(body, default),
        _ => Commands.Handle(body, default),
    };

    /// <summary>The activity of an orchestration.</summary>
    public async Task<Next> Call(Instance instance)
    {
        var tenant = Machinery.Ids[instance.Tenant];
        if (instance.Kind is { } kind)
        {
            return await Mirror.Mirror(tenant, kind, instance.Subject, default) switch
            {
                MirrorStep.Retry retry => new Next(NextKind.After, Wait: retry.After),
                MirrorStep.Again => new Next(NextKind.Now),
                _ => new Next(NextKind.Done),
            };
        }

        return await (instance.Loads ? Deliveries.Load(tenant, instance.Subject, default) : Deliveries.Attempt(tenant, instance.Subject, default)) switch
        {
            DeliveryStep.Wait wait => new Next(NextKind.At, At: wait.Until),
            DeliveryStep.Busy busy => new Next(NextKind.After, Wait: busy.RetryAfter),
            DeliveryStep.Attempt => new Next(NextKind.Now),
            _ => new Next(NextKind.Done),
        };
    }
}
