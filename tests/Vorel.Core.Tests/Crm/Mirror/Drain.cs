using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>
/// Records on their way to CRMs, over virtual time: every record has an instance that waits as <c>RecordLifecycle</c> does, and the
/// platform runs 64 activities at once. Check messages wake nobody here: who waits has a turn, or a row that says until when.
/// </summary>
internal sealed class Drain
{
    private const int ActivitiesAtOnce = 64;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

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

    public int MostAtOnce { get; private set; }

    public bool IsDone => _waiting.Count == 0 && _running.Count == 0;

    public void Add(RecordRow record, TenantId? tenant = null) => _waiting.Add(new Waiting(tenant ?? _world.Tenant, record, _world.Domain.GetUtcNow()));

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
        var now = _world.Domain.GetUtcNow();
        foreach (var record in _waiting.Where(record => record.Wakes <= now).Take(ActivitiesAtOnce - _running.Count).ToList())
        {
            _waiting.Remove(record);
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

        record.Wakes = _world.Domain.GetUtcNow() + ((step as MirrorStep.Retry)?.After ?? TimeSpan.Zero);
        _waiting.Add(record);
    }

    private sealed class Waiting(TenantId tenant, RecordRow row, DateTimeOffset wakes)
    {
        public TenantId Tenant => tenant;

        public RecordRow Row => row;

        public DateTimeOffset Wakes { get; set; } = wakes;
    }
}
