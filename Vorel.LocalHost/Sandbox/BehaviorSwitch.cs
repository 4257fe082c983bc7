namespace Vorel.LocalHost.Sandbox;

/// <summary>Holds the secret and hands out what each request is to meet.</summary>
internal sealed class BehaviorSwitch
{
    private readonly Lock _gate = new();
    private Behavior _current = new();
    private int _left;

    public string? Secret { get; private set; }

    public void Set(Behavior behavior)
    {
        lock (_gate)
        {
            Secret = behavior.Secret ?? Secret;
            _current = behavior;
            _left = behavior.Times ?? int.MaxValue;
        }
    }

    /// <summary>What the next request meets; uses up one of the times.</summary>
    public Behavior Next()
    {
        lock (_gate)
        {
            if (_current.Off)
            {
                return _current;
            }

            if (_left == 0)
            {
                return new Behavior();
            }

            _left--;
            return _current;
        }
    }
}
