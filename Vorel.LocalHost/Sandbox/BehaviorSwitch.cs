namespace Vorel.LocalHost.Sandbox;

/// <summary>Holds the secret and hands out what each request is to meet.</summary>
internal sealed class BehaviorSwitch
{
    private readonly Lock gate = new();
    private Behavior current = new();
    private int left;

    public string? Secret { get; private set; }

    public void Set(Behavior behavior)
    {
        lock (gate)
        {
            Secret = behavior.Secret ?? Secret;
            current = behavior;
            left = behavior.Times ?? int.MaxValue;
        }
    }

    /// <summary>What the next request meets; uses up one of the times.</summary>
    public Behavior Next()
    {
        lock (gate)
        {
            if (current.Off)
            {
                return current;
            }

            if (left == 0)
            {
                return new Behavior();
            }

            left--;
            return current;
        }
    }
}
