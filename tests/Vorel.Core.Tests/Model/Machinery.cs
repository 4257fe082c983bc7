using System.Text.Json;
using Vorel.Core.Alerts;
using Vorel.Core.Crm;
using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Model.Mutants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Time;
using Vorel.Core.Webhooks;
using Vorel.Testing;

namespace Vorel.Core.Tests.Model;

/// <summary>What a model plays on, whatever it holds to be true: two processes of the product over stores in memory, their clocks, and the operations under way.</summary>
internal abstract class Machinery : IAlerts
{
    public const int Tenants = 2;
    public const int Processes = 2;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_visibility = TimeSpan.FromSeconds(30);

    private readonly Process?[] _processes = new Process?[Processes];
    private readonly Clocks _clocks;
    private readonly IdSource _ids;
    private readonly List<string>? _notes;
    private readonly List<string> _violations = [];
    private Flight? _running;

    protected Machinery(Mutant mutant, Tally tally, List<string>? notes)
    {
        (Mutant, Tally, _notes) = (mutant, tally, notes);
        Gate = new Gate(this);
        Store = new GatedStore(Rows, Gate, this);
        Hub = new Hub(Gate, this);
        Messages = new InMemoryWorkQueue(Real);
        ProductStore = mutant.Store(Store);
        Queue = new GatedQueue(Messages, Gate);
        _clocks = new Clocks(Domain, Real);
        _ids = new IdSource(_clocks);
    }

    /// <summary>Ids that are the same in each history, for they say in which shard a tenant's hints lie.</summary>
    public static IReadOnlyList<TenantId> Ids { get; } =
        [.. Enumerable.Range(1, Tenants).Select(number => new TenantId(Guid.Parse($"019b0000-0000-7000-8000-00000000000{number}")))];

    public Tally Tally { get; }

    public Gate Gate { get; }

    public MovableClock Domain { get; } = new(s_start);

    public FakeTimeProvider Real { get; } = new(s_start);

    public InMemoryRowStore Rows { get; } = new();

    public GatedStore Store { get; }

    public InMemoryWorkQueue Messages { get; }

    public Hub Hub { get; }

    public IRowStore ProductStore { get; }

    public IWorkQueue Queue { get; }

    /// <summary>Who takes what is sent to subscribers.</summary>
    public abstract IWebhookSender Sender { get; }

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

    /// <summary>What must not have happened and did, first things first.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Grows with every effect.</summary>
    public long Now { get; private set; }

    /// <summary>What is wrong with the product.</summary>
    public Mutant Mutant { get; }

    /// <summary>How many operations have begun.</summary>
    protected int Begun { get; private set; }

    public long Next() => ++Now;

    public void Note(string text) => _notes?.Add("    " + text);

    public void Violate(string text)
    {
        _violations.Add(text);
        Note("!!! " + text);
    }

    public void Require(bool holds, string text)
    {
        if (!holds)
        {
            Violate(text);
        }
    }

    /// <summary>The number of a tenant.</summary>
    public static int TenantOf(string id) => Ids.ToList().FindIndex(tenant => tenant.ToString() == id);

    /// <summary>Makes up for what no retry would, before each round in which everything is let come to rest.</summary>
    public virtual void Mend(int round)
    {
    }

    /// <summary>What must be so when everything has come to rest.</summary>
    public abstract void Settled();

    /// <summary>What is not at rest beyond operations, messages, orchestrations and hints.</summary>
    public abstract IEnumerable<(int Count, string What)> Open();

    /// <summary>Whether a hint of this key is there for as long as what it is about: it keeps nothing from coming to rest. The log is sealed every day.</summary>
    public virtual bool Stays(string hint) => hint.EndsWith("|audit|seal", StringComparison.Ordinal);

    public abstract ICrmDriver CrmOf(JsonElement credentials);

    /// <summary>A transaction took effect.</summary>
    public abstract void Committed(Flight flight, string table, string partition, IReadOnlyList<RowWrite> writes);

    /// <summary>A row was read.</summary>
    public virtual void Read(Flight flight, string table, string partition, string key, Row? row)
    {
    }

    /// <summary>The orchestration of a record (of a delivery, if there is no kind) was started, or found at work.</summary>
    public virtual void Woken(RecordKind? kind, Guid id)
    {
    }

    public virtual void Raise(Alert alert) =>
        Require(alert.Code != AlertCode.HintFailed || Running.Unanswered > 0, $"{Running.Name}: a hint of kind {alert.Subject} failed and nothing was broken");

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

        _processes[process] = null;
    }

    /// <summary>Handles the visible message at this place, as the queue trigger would.</summary>
    public void Handle(int index, int process, Course course)
    {
        var (queue, place) = Visible[index];
        var message = Messages.TakeNext(queue, s_visibility, place)!;
        Tally.Count(message.DequeueCount > 1 ? "a message was handled again" : "a message was handled");
        if (Mutant.RemovesFirst)
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
            async running => next = await running.Call(instance),
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
        var flight = new Flight(++Begun, name, process, Next(), course) { Request = request, Ended = ended ?? Expect };
        Note($"{flight.Name} begins in process {process}");
        Flights.Add(flight);
        before?.Invoke(flight);
        Run(flight, () => flight.Work = work(_processes[process] ??= new Process(this, _clocks, _ids)));
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
    public virtual void Move(TimeSpan domain, TimeSpan real)
    {
        foreach (var flight in Flights.Concat(Gate.Late.Select(late => late.Flight)).Where(_ => domain < TimeSpan.Zero))
        {
            flight.DomainGoesBack(Domain.GetUtcNow(), domain);
        }

        Domain.Move(domain);
        Real.Advance(real);
    }

    /// <summary>Whatever fails because storage was away comes again; nothing else fails.</summary>
    protected void Expect(Flight flight, Exception? failure) =>
        Require(failure is null || (failure is StoreUnavailableException && flight.Unanswered > 0), $"{flight.Name} failed: {failure}");

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
