using System.Text.Json;
using Vorel.Core.Alerts;
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

/// <summary>Two processes of the product over stores in memory, everything around them, and the operations under way.</summary>
internal sealed class Stage : IAlerts
{
    public const int Tenants = 2;
    public const int Processes = 2;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_visibility = TimeSpan.FromSeconds(30);

    private readonly Mutant _mutant;
    private readonly Process[] _processes = new Process[Processes];
    private readonly TenantId[] _tenants = [.. Enumerable.Range(0, Tenants).Select(number => new TenantId(Guid.CreateVersion7(s_start.AddDays(-1 - number))))];
    private readonly CrmStandIn[] _crms;
    private readonly Clocks _clocks;
    private readonly IdSource _ids;
    private readonly List<string>? _notes;
    private Flight? _running;
    private int _begun;

    public Stage(Mutant mutant, Tally tally, List<string>? notes)
    {
        (_mutant, Tally, _notes) = (mutant, tally, notes);
        Gate = new Gate(this);
        Truth = new Truth(this);
        Store = new GatedStore(Rows, Gate, Truth);
        Hub = new Hub(Gate, Truth);
        Receivers = new Receivers(Gate, Truth);
        Messages = new InMemoryWorkQueue(Real);
        ProductStore = mutant.Store(Store);
        Queue = new GatedQueue(Messages, Gate);
        _crms = [.. Enumerable.Range(0, Tenants).Select(number => new CrmStandIn(number, Gate, Truth))];
        _clocks = new Clocks(Domain, Real);
        _ids = new IdSource(_clocks);
        for (var process = 0; process < Processes; process++)
        {
            Kill(process);
        }

        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var url = $"https://crm.example.com/{tenant}";
            Begin("connect", 0, Course.Whole, process => process.Connections.ConnectCustomWebhook(_tenants[tenant], CrmRole.Main, url, null, default));
            Handle(0, 0, Course.Whole);
        }
    }

    public Tally Tally { get; }

    public Truth Truth { get; }

    public Gate Gate { get; }

    public MovableClock Domain { get; } = new(s_start);

    public FakeTimeProvider Real { get; } = new(s_start);

    public InMemoryRowStore Rows { get; } = new();

    public GatedStore Store { get; }

    public InMemoryWorkQueue Messages { get; }

    public Hub Hub { get; }

    public Receivers Receivers { get; }

    public IRowStore ProductStore { get; }

    public IWorkQueue Queue { get; }

    /// <summary>The operations under way that stand still, in the order in which they began.</summary>
    public List<Flight> Flights { get; } = [];

    /// <summary>The operation that is making a call.</summary>
    public Flight Running => _running ?? throw new InvalidOperationException("A call was made outside every operation.");

    /// <summary>Every message, with its queue.</summary>
    public IReadOnlyList<(string Queue, WorkQueueMessage Message)> AllMessages =>
        [.. World.Queues.SelectMany(queue => Messages.Messages(queue).Select(message => (queue, message)))];

    /// <summary>The messages that could be handled now, each with its queue and its place in it.</summary>
    public IReadOnlyList<(string Queue, int Place)> Visible => [.. World.Queues.SelectMany(queue => Messages.Messages(queue)
        .Where(message => message.VisibleAt <= Real.GetUtcNow()).Select((_, place) => (queue, place)))];

    public IReadOnlyList<Instance> Ready => [.. Hub.Running.Where(instance => instance.UnderWay.Count == 0 && instance.WakesAt <= Domain.GetUtcNow())];

    public void Note(string text) => _notes?.Add("    " + text);

    public void Raise(Alert alert)
    {
        Truth.Deliveries.Alerted(alert);
        Truth.Require(alert.Code != AlertCode.HintFailed || Running.Unanswered > 0, $"{Running.Name}: a hint of kind {alert.Subject} failed and nothing was broken");
    }

    public int TenantOf(string id) => Array.FindIndex(_tenants, tenant => tenant.ToString() == id);

    public ICrmDriver CrmOf(JsonElement credentials) => _mutant.Crm(_crms[int.Parse(credentials.GetProperty("url").GetString()!.Split('/')[^1])]);

    public CrmStandIn Crm(int tenant) => _crms[tenant];

    /// <summary>A process dies with all that it was doing; another takes its place.</summary>
    public void Kill(int process)
    {
        foreach (var flight in Flights.Where(flight => flight.Process == process))
        {
            Note($"{flight.Name} dies");
            flight.IsDead = true;
        }

        Flights.RemoveAll(flight => flight.IsDead);
        foreach (var instance in Hub.Running)
        {
            instance.UnderWay.RemoveAll(flight => flight.IsDead);
        }

        _processes[process] = new Process(this, _clocks, _ids, this);
    }

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
                ? running.Records.Patch(_tenants[request.Tenant], request.Kind, target.Id.ToString("D"), body, key, default)
                : running.Records.Create(_tenants[request.Tenant], request.Kind, body, key, default)),
            (flight, failure) => Truth.Writes.Answered(flight, request, failure, answer),
            request);
    }

    /// <summary>Handles the visible message at this place, as the queue trigger would.</summary>
    public void Handle(int index, int process, Course course)
    {
        var (queue, place) = Visible[index];
        var message = Messages.TakeNext(queue, s_visibility, place)!;
        Tally.Count(message.DequeueCount > 1 ? "a message was handled again" : "a message was handled");
        if (_mutant.RemovesFirst)
        {
            Remove();
        }

        Begin("handle " + message.Body, process, course, running => running.Handle(queue, message.Body), (flight, failure) =>
        {
            Expect(flight, failure);
            if (failure is null)
            {
                Remove();
            }
        });

        void Remove() => Messages.Remove(queue, message.Receipt, default).GetAwaiter().GetResult();
    }

    public void Subscribe(int tenant, IReadOnlyList<string> events, IReadOnlyList<Receivers.Answer> answers)
    {
        var url = $"https://hooks.example.com/{_begun}";
        Receivers.Script(url, answers);
        Begin("subscribe", 0, Course.Whole, process => process.Subscriptions.Create(_tenants[tenant], url, events, null, default));
    }

    public void Unsubscribe(int tenant, Guid id, bool deletes, int process, Course course)
    {
        Tally.Count(deletes ? "a subscription was deleted" : "a subscription was disabled");
        Begin(
            deletes ? "unsubscribe" : "disable",
            process,
            course,
            running => deletes
                ? running.Subscriptions.Delete(_tenants[tenant], id.ToString("D"), default)
                : running.Subscriptions.Disable(_tenants[tenant], id, "scripted", default),
            (flight, failure) => Expect(flight, failure is NotFoundException ? null : failure));
    }

    public void Tick(int process, Course course) =>
        Begin("tick", process, course, running => running.Tick.Run(Domain.GetUtcNow(), default), Expect);

    /// <summary>Has an orchestration call its activity, perhaps a second time.</summary>
    public void Call(Instance instance, int process, Course course)
    {
        var call = instance.Calls;
        Next? next = null;
        Begin(
            $"{(instance.Kind is null ? instance.Loads ? "load" : "attempt" : "mirror")} {instance.Id} call {call}",
            process,
            course,
            async running => next = await (instance.Kind is null ? Deliver(running, instance) : Mirror(running, instance)),
            (flight, failure) =>
            {
                Expect(flight, failure);
                Note($"  says {next}");
                if (instance.Calls == call && !instance.IsOver)
                {
                    instance.Take(next ?? new Next(NextKind.Failed), Domain.GetUtcNow());
                }

                if (instance.IsOver)
                {
                    Hub.Remove(instance);
                }
            },
            before: instance.Begin);
    }

    /// <summary>Begins an operation and lets it go as far as its course says.</summary>
    public void Begin(
        string name, int process, Course course, Func<Process, Task> work, Action<Flight, Exception?>? ended = null, Request? request = null, Action<Flight>? before = null)
    {
        var flight = new Flight(++_begun, name, process, Truth.Next(), course) { Request = request, Ended = ended ?? Expect };
        Note($"{flight.Name} begins in process {process}");
        Flights.Add(flight);
        before?.Invoke(flight);
        Run(flight, () => flight.Work = work(_processes[process]));
    }

    /// <summary>Lets an operation that stands still go on.</summary>
    public void Resume(Flight flight, Fate fate)
    {
        if (flight is { IsDead: false, Held: { } held })
        {
            flight.Held = null;
            Note($"{flight.Name} goes on: {fate}");
            Run(flight, () => held.SetResult(fate));
        }
    }

    /// <summary>Moves the clocks; the real one only forward.</summary>
    public void Move(TimeSpan domain, TimeSpan real)
    {
        foreach (var flight in Flights.Concat(Gate.Late.Select(late => late.Flight)).Where(_ => domain < TimeSpan.Zero))
        {
            flight.DomainGoesBack(Domain.GetUtcNow(), domain);
        }

        Domain.Move(domain);
        Real.Advance(real);
    }

    private static async Task<Next> Deliver(Process process, Instance instance, TenantId tenant) =>
        await (instance.Loads ? process.Deliveries.Load(tenant, instance.Subject, default) : process.Deliveries.Attempt(tenant, instance.Subject, default)) switch
        {
            DeliveryStep.Wait wait => new Next(NextKind.At, At: wait.Until),
            DeliveryStep.Busy busy => new Next(NextKind.After, Wait: busy.RetryAfter),
            DeliveryStep.Attempt => new Next(NextKind.Now),
            _ => new Next(NextKind.Done),
        };

    private Task<Next> Deliver(Process process, Instance instance) => Deliver(process, instance, _tenants[instance.Tenant]);

    private async Task<Next> Mirror(Process process, Instance instance) =>
        await process.Mirror.Mirror(_tenants[instance.Tenant], instance.Kind!, instance.Subject, default) switch
        {
            MirrorStep.Retry retry => new Next(NextKind.After, Wait: retry.After),
            MirrorStep.Again => new Next(NextKind.Now),
            _ => new Next(NextKind.Done),
        };

    /// <summary>Whatever fails because storage was away comes again; nothing else fails.</summary>
    private void Expect(Flight flight, Exception? failure) =>
        Truth.Require(failure is null || (failure is StoreUnavailableException && flight.Unanswered > 0), $"{flight.Name} failed: {failure}");

    private void Run(Flight flight, Action go)
    {
        var before = _running;
        _running = flight;
        go();
        if (flight is { IsDead: false, Work.IsCompleted: true })
        {
            Flights.Remove(flight);
            var failure = flight.Work.Exception?.InnerException;
            Note($"{flight.Name} ends{(failure is null ? "" : ": " + failure.GetType().Name)}");
            flight.Ended(flight, failure);
        }
        else if (flight is { IsDead: false, Held: null })
        {
            throw new InvalidOperationException($"{flight.Name} waits for something that no history moves.");
        }

        _running = before;
    }
}
