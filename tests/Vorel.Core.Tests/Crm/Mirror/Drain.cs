using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>
/// Records on their way to CRMs, over virtual time: every record has an instance that waits as <c>RecordLifecycle</c> does, the
/// platform runs 64 activities at once, and a check message comes by every two minutes and wakes what waits.
/// </summary>
internal sealed class Drain
{
    private const int ActivitiesAtOnce = 64;
    private const int MostCalls = 8;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_check = TimeSpan.FromMinutes(2);

    private readonly World _world;
    private readonly MirrorService[] _processes;
    private readonly List<Waiting> _waiting = [];
    private readonly List<(Waiting Record, Task<MirrorStep> Call)> _running = [];
    private readonly Random _random = new(1);

    /// <param name="world">Whose records they are.</param>
    /// <param name="processes">So many write them.</param>
    public Drain(World world, int processes = 1)
    {
        _world = world;
        _processes = [.. Enumerable.Range(1, processes).Select(seed => new MirrorService(
            world.Store, world.Reader, world.Connections, new CrmPermits(world.Clocks, new Random(seed)), world.Hints, world.Clocks))];
    }

    public int Activities { get; private set; }

    /// <summary>Runs that ended with the record unwritten.</summary>
    public int Unfinished { get; private set; }

    public int MostAtOnce { get; private set; }

    public bool IsDone => _waiting.Count == 0 && _running.Count == 0;

    public void Add(RecordRow record, TenantId? tenant = null) => _waiting.Add(new Waiting(tenant ?? _world.Tenant, record, _world.Domain.GetUtcNow(), _world.Real.GetUtcNow() + s_check));

    /// <summary>Lets time pass, at most so much, until all is written.</summary>
    public async Task Run(TimeSpan most)
    {
        for (var passed = TimeSpan.Zero; passed < most && !IsDone; passed += s_step)
        {
            Begin();
            _world.Advance(s_step);
            for (var i = _running.Count - 1; i >= 0; i--)
            {
                var (record, call) = _running[i];
                if (call.IsCompleted)
                {
                    _running.RemoveAt(i);
                    Take(record, await call);
                }
            }
        }
    }

    private void Begin()
    {
        var (domain, real) = (_world.Domain.GetUtcNow(), _world.Real.GetUtcNow());
        foreach (var record in _waiting.Where(record => record.Wakes <= domain || (record.Checked <= real && !record.Failed)).Take(ActivitiesAtOnce - _running.Count).ToList())
        {
            _waiting.Remove(record);
            record.Checked = record.Checked <= real ? real + s_check : record.Checked;
            Activities++;
            var process = _processes[_random.Next(_processes.Length)];
            _running.Add((record, process.Mirror(record.Tenant, record.Row.Kind, record.Row.Id, default)));
        }

        MostAtOnce = Math.Max(MostAtOnce, _running.Count(run => !run.Call.IsCompleted));
    }

    private void Take(Waiting record, MirrorStep step)
    {
        if (step is MirrorStep.Done)
        {
            return;
        }

        var retry = step as MirrorStep.Retry;
        record.Busy = retry is { Busy: true } ? record.Busy + 1 : 0;
        record.Failed = retry is { Busy: false };
        var wait = retry?.After ?? TimeSpan.Zero;
        if (record.Busy > 1 && wait < TimeSpan.FromSeconds(30))
        {
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks << Math.Min(record.Busy - 1, 10), TimeSpan.FromSeconds(30).Ticks));
        }

        if (++record.Calls == MostCalls)
        {
            // The next check starts it again.
            Unfinished++;
            record.Calls = 0;
            wait = s_check;
        }

        record.Wakes = _world.Domain.GetUtcNow() + wait;
        _waiting.Add(record);
    }

    private sealed class Waiting(TenantId tenant, RecordRow row, DateTimeOffset wakes, DateTimeOffset check)
    {
        public TenantId Tenant => tenant;

        public RecordRow Row => row;

        public DateTimeOffset Wakes { get; set; } = wakes;

        public DateTimeOffset Checked { get; set; } = check;

        public int Calls { get; set; }

        public int Busy { get; set; }

        /// <summary>Its row says until when to wait: a check does not wake it.</summary>
        public bool Failed { get; set; }
    }
}
