namespace Vorel.LocalHost.Sandbox;

/// <summary>What the webhook receiver has seen, in memory alone: counters for ever, the last 500 requests in full.</summary>
internal sealed class Inbox
{
    public const int Kept = 500;

    private readonly Lock _gate = new();
    private readonly Queue<Received> _last = [];
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private int _posts;
    private int _accepted;
    private int _refused;

    public BehaviorSwitch Behavior { get; } = new();

    public void Add(Received request)
    {
        lock (_gate)
        {
            _posts++;
            if (!request.Verified)
            {
                _refused++;
            }
            else
            {
                _accepted += request.Status is >= 200 and <= 299 ? 1 : 0;
                if (_attempts.Count < 100_000)
                {
                    _attempts[request.Id] = _attempts.GetValueOrDefault(request.Id) + 1;
                }
            }

            _last.Enqueue(request);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            (_posts, _accepted, _refused) = (0, 0, 0);
            _last.Clear();
            _attempts.Clear();
        }
    }

    public InboxState State()
    {
        lock (_gate)
        {
            return new InboxState(_posts, _accepted, _refused, _attempts.Count, new SortedDictionary<string, int>(_attempts, StringComparer.Ordinal), [.. _last]);
        }
    }
}
