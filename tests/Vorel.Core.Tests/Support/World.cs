using System.Text;
using System.Text.Json;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Json;
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
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Time;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;
using Vorel.Testing;

namespace Vorel.Core.Tests.Support;

/// <summary>The whole domain, over stores in memory unless a test brings its own, with clocks, faults and outside parties that a test scripts.</summary>
internal sealed partial class World
{
    public const string TargetUrl = "https://hooks.example.com/vorel";

    private readonly Dictionary<string, ScriptedCrm> _crms = [];
    private readonly RootSecret _root = RootSecret.Parse("TEST", Convert.ToBase64String(new byte[32]));

    public World(IRowStore? store = null, IWorkQueue? queue = null, Timings? timings = null, EgressGuard? egress = null, IEnvelopeProtector? protector = null)
    {
        Clocks = new Clocks(Domain, Real);
        Timings = timings ?? new Timings();
        Protector = protector ?? new PlainProtector();
        Queue = new FaultyWorkQueue(queue ?? new InMemoryWorkQueue(Real), Plan);
        Store = new FaultyRowStore(store ?? new InMemoryRowStore(), Plan);
        Orchestrations = new RecordedOrchestrations(Plan);
        Sender = new ScriptedSender(Plan);
        _crms["crm.example.com"] = Crm = new ScriptedCrm(Plan);
        Ids = new IdSource(Clocks);
        Hints = new DueHints(Store);
        AuditKey = new AuditKey(_root);
        Audit = new AuditLog(Store, Hints, Ids, AuditKey, Clocks);
        Digests = new IndexKey(_root);
        Vault = new PayloadVault(Store, Protector, Clocks);
        Reader = new RecordReader(Store, Clocks);
        Tombstones = new Tombstones(Store, Hints, Clocks);
        Outbox = new OutboxWriter(Store, Queue, Tombstones, Vault, Ids, Clocks, Timings, Alerts);
        Records = new RecordService(Store, Outbox, Reader, Digests, Ids, Clocks);
        Customers = new Customers(Store, Records, Reader, Digests);
        Transcripts = new Transcripts(Store, Outbox, Reader, Digests, Ids, Clocks);
        Conversations = new Conversations(Records);
        Offerings = new Offerings(Records, Clocks);
        Egress = egress ?? new EgressGuard(DevelopmentHosts.None);
        Subscriptions = new SubscriptionService(Store, Protector, Egress, Audit, Ids, Clocks, Alerts);
        Starter = new DeliveryStarter(Store, Orchestrations, Hints, Clocks);
        Events = new RecordedEvents(Plan);
        IncidentEvents = new IncidentEvents(Store, Events, Hints, Clocks, Alerts);
        Incidents = new IncidentService(Store, Hints, IncidentEvents, Ids, Clocks, Alerts);
        WebhookIncidents = new WebhookIncidents(Subscriptions, Incidents, Hints, Clocks);
        Deliveries = new DeliveryService(Store, Subscriptions, Permits, Vault, Sender, WebhookIncidents, Clocks, Timings, Alerts);
        Redrives = new RedriveService(Store, Reader, Queue, Hints, Audit, Ids, Clocks, Timings);
        Decrypts = new AuditChannel(Audit, Clocks, Alerts);
        Credentials = new CredentialVault(Protector, Decrypts);
        Tokens = NewTokens();
        (Connections, Connecting) = NewConnections(context => CrmAt(new Uri(context.Credentials.GetProperty("url").GetString()!).Host));
        Slices = new RedriveSlices(Store, Queue, Connections, Hints, Clocks);
        MirrorStarter = new MirrorStarter(Store, Reader, Connections, Orchestrations, Queue, Hints, Clocks, Timings);
        Mirror = new MirrorService(Store, Reader, Connections, new CrmPermits(Clocks, new Random(1)), Hints, Clocks);
        FanOut = NewFanOut();
        Live = new LiveMessages(FanOut, MirrorStarter, new UnreadableMessages(Queue, Alerts));
        Envelopes = protector as EnvelopeProtector ?? new EnvelopeProtector(new LocalEnvelopeProtector(_root), null);
        Rewraps = new RewrapService(Store, Queue, Envelopes, Hints, Ids, Clocks);
        RewrapSlices = new RewrapSlices(Store, Queue, Envelopes, Decrypts, Clocks);
        Commands = new CommandMessages(Slices, RewrapSlices, new UnreadableMessages(Queue, Alerts));
        Sweep = new RetentionSweep(Store, Reader, Digests, Audit, Clocks, Alerts);
        OldTables = new OldTables(Store, Clocks);
        Bulk = new BulkMessages(Sweep, MirrorStarter, Queue, new UnreadableMessages(Queue, Alerts));
        CrmIncidents = new CrmIncidents(Store, Reader, Connections, Incidents, Queue, Clocks);
        Tick = new Tick(Hints, Starter, Tombstones, Redrives, Rewraps, CrmIncidents, WebhookIncidents, IncidentEvents, new AuditSeals(Store, AuditKey, Clocks, Alerts), Clocks, Alerts);
    }

    public FaultPlan Plan { get; } = new();

    public FakeTimeProvider Domain { get; } = new();

    public FakeTimeProvider Real { get; } = new();

    public Clocks Clocks { get; }

    public Timings Timings { get; }

    public FaultyRowStore Store { get; }

    public FaultyWorkQueue Queue { get; }

    public RecordedOrchestrations Orchestrations { get; }

    public RecordedAlerts Alerts { get; } = new();

    public IEnvelopeProtector Protector { get; }

    public ScriptedSender Sender { get; }

    public ScriptedCrm Crm { get; }

    public AttemptPermits Permits { get; } = new();

    public EgressGuard Egress { get; }

    public IdSource Ids { get; }

    public IndexKey Digests { get; }

    public PayloadVault Vault { get; }

    public RecordReader Reader { get; }

    public OutboxWriter Outbox { get; }

    public RecordService Records { get; }

    public Customers Customers { get; }

    public Transcripts Transcripts { get; }

    public Conversations Conversations { get; }

    public Offerings Offerings { get; }

    public SubscriptionService Subscriptions { get; }

    public DueHints Hints { get; }

    public DeliveryStarter Starter { get; }

    public DeliveryService Deliveries { get; }

    public Tombstones Tombstones { get; }

    public AuditChannel Decrypts { get; }

    public CredentialVault Credentials { get; }

    /// <summary>What the provider of tokens does when it is asked.</summary>
    public ScriptedRenewal Renewal { get; } = new();

    public TokenRefresh Tokens { get; }

    public CrmConnectionService Connections { get; }

    public CrmConnecting Connecting { get; }

    public MirrorStarter MirrorStarter { get; }

    public MirrorService Mirror { get; }

    public RedriveService Redrives { get; }

    public RedriveSlices Slices { get; }

    /// <summary>The protector, where it is a real one; else one of the local kind that nothing here is sealed with.</summary>
    public EnvelopeProtector Envelopes { get; }

    public RewrapService Rewraps { get; }

    public RewrapSlices RewrapSlices { get; }

    public FanOut FanOut { get; }

    public LiveMessages Live { get; }

    public CommandMessages Commands { get; }

    public AuditLog Audit { get; }

    public AuditKey AuditKey { get; }

    public RetentionSweep Sweep { get; }

    public OldTables OldTables { get; }

    public BulkMessages Bulk { get; }

    public IncidentService Incidents { get; }

    /// <summary>Who is told of events; nobody, unless a test says so.</summary>
    public RecordedEvents Events { get; }

    public IncidentEvents IncidentEvents { get; }

    public CrmIncidents CrmIncidents { get; }

    public WebhookIncidents WebhookIncidents { get; }

    public Tick Tick { get; }

    public TenantId Tenant { get; } = TenantId.New(TimeProvider.System);

    /// <summary>Another process that renews tokens, over the same store.</summary>
    public TokenRefresh NewTokens(IRowStore? store = null, Clocks? clocks = null) =>
        NewTokens(store ?? Store, new DueHints(store ?? Store), clocks ?? Clocks);

    private TokenRefresh NewTokens(IRowStore store, DueHints hints, Clocks clocks) =>
        new(store, Credentials, Renewal.Renew, new AuditLog(store, hints, Ids, AuditKey, clocks), hints, clocks) { Providers = TokenProviders.Find };

    /// <summary>Other connections over the same store, with drivers of their own.</summary>
    public (CrmConnectionService Connections, CrmConnecting Connecting) NewConnections(CrmDriverOpener opener)
    {
        var drivers = new CredentialOpener(Credentials, Tokens, opener);
        var connections = new CrmConnectionService(Store, drivers);
        return (connections, new CrmConnecting(Store, connections, Credentials, new CredentialTest(Credentials, drivers, Clocks) { Providers = TokenProviders.Find }, Redrives, Hints, Audit, Ids, Clocks));
    }

    /// <summary>Another dispatcher over the same store.</summary>
    public FanOut NewFanOut() => new(Store, Tombstones, Vault, Subscriptions, Starter, MirrorStarter);

    /// <summary>Moves both clocks.</summary>
    public void Advance(TimeSpan by)
    {
        Domain.Advance(by);
        Real.Advance(by);
    }

    public async Task<RecordRow> Conversation(string identifier = "+971500000001") =>
        (await Create(RecordKinds.Conversation, $$"""{"channel":"whatsapp","customer_identifier":"{{identifier}}"}""")).Record;

    public async Task<RecordRow> Lead(RecordRow conversation, string more = "") =>
        (await Create(RecordKinds.Lead, $$"""{"conversation_id":"{{conversation.Id:D}}"{{more}}}""")).Record;

    public Task<RecordAnswer> Create(RecordKind kind, string json, string? key = null, TenantId? tenant = null) =>
        Parse(json, body => Records.Create(tenant ?? Tenant, kind, body, IdempotencyKey.Parse(key), default));

    public Task<RecordAnswer> Patch(RecordRow record, string json, string? key = null) =>
        Parse(json, body => Records.Patch(Tenant, record.Kind, record.Id.ToString("D"), body, IdempotencyKey.Parse(key), default));

    public Task<RecordAnswer> FindOrCreateCustomer(string json) => Parse(json, body => Customers.FindOrCreate(Tenant, body, default));

    public async Task<MessageRow> Say(RecordRow conversation, string content, string? key = null) =>
        (MessageRow)(await Append(conversation, $$"""{"role":"customer","content":"{{content}}"}""", key)).Record;

    public Task<RecordAnswer> Append(RecordRow conversation, string json, string? key = null) =>
        Parse(json, body => Transcripts.Append(Tenant, conversation.Id.ToString("D"), body, IdempotencyKey.Parse(key), default));

    public async Task<Subscription> Subscribe(params string[] events) =>
        (await Subscriptions.Create(Tenant, TargetUrl, events, null, AuditActor.System, default)).Subscription;

    public Task Connect() => Connect("https://crm.example.com/in");

    public async Task Connect(string url, CrmRole role = CrmRole.Main) =>
        Assert.Null((await Connecting.ConnectCustomWebhook(Tenant, role, url, null, AuditActor.System, default)).Result.Reason);

    /// <summary>The CRM of a host: <see cref="Crm"/>, or another one with records of its own.</summary>
    public ScriptedCrm CrmAt(string host) => _crms.TryGetValue(host, out var crm) ? crm : _crms[host] = new ScriptedCrm(Plan, host.Split('.')[0]);

    /// <summary>The keys of the tenant's rows that start so.</summary>
    public IReadOnlyList<string> Keys(string prefix) =>
        [.. Store.Inner.Dump().Select(entry => entry.Row.Key).Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>The names of the events of the write that was announced last.</summary>
    public async Task<string> EventsOfLastWrite()
    {
        var intent = Assert.IsType<WorkMessage.Intent>(WorkMessage.Parse(LastIntent()));
        var row = await Store.Get<OutboxRow>(RecordKeys.TableOf(intent.Row), Partition.Of(Tenant), intent.Row, default);
        return string.Join(' ', row!.Row.Events.Select(outgoing => outgoing.Name));
    }

    /// <summary>The one todo row of a record, or of the first message of a conversation.</summary>
    public async Task<TodoRow> Todo(RecordRow record, TenantId? tenant = null)
    {
        var debt = record.Debt!;
        return (await Store.Get<TodoRow>(Partition.Of(tenant ?? Tenant), debt.RowKey, default))!.Row;
    }

    /// <summary>The one delivery there is.</summary>
    public async Task<Delivery> OnlyDelivery() => Assert.Single(await AllDeliveries());

    public async Task<IReadOnlyList<Delivery>> AllDeliveries() => (await new DeliveryReader(Store, Clocks).List(Tenant, 100, null, default)).Deliveries;

    private static async Task<RecordAnswer> Parse(string json, Func<JsonElement, Task<RecordAnswer>> use)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json));
        return await use(document.RootElement);
    }
}
