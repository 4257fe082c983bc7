namespace Vorel.LocalHost.Sandbox;

/// <summary>What the webhook receiver has seen, in memory alone: counters for ever, the last 500 requests in full.</summary>
internal sealed class Inbox
{
    public const int Kept = 500;

    private readonly Lock gate = new();
    private readonly Queue<Received> last = [];
    private readonly Dictionary<string, int> attempts = new(StringComparer.Ordinal);
    private int posts;
    private int accepted;
    private int refused;

    public BehaviorSwitch Behavior { get; } = new();

    public void Add(Received request)
    {
        lock (gate)
        {
            posts++;
            if (!request.Verified)
            {
                refused++;
            }
            else
            {
                accepted += request.Status is >= 200 and <= 299 ? 1 : 0;
                if (attempts.Count < 100_000)
                {
                    attempts[request.Id] = attempts.GetValueOrDefault(request.Id) + 1;
                }
            }

            last.Enqueue(request);
            if (last.Count > Kept)
            {
                last.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            (posts, accepted, refused) = (0, 0, 0);
            last.Clear();
            attempts.Clear();
        }
    }

    public InboxState State()
    {
        lock (gate)
        {
            return new InboxState(posts, accepted, refused, attempts.Count, new SortedDictionary<string, int>(attempts, StringComparer.Ordinal), [.. last]);
        }
    }
}
