namespace Vorel.Core.Tests.Model;

/// <summary>One operation of the product under way: a request, a message, a tick or an activity.</summary>
internal sealed class Flight(int number, string name, int process, long begunAt, Course course)
{
    private Course _course = course;

    public string Name { get; } = $"{name} #{number}";

    public int Process { get; } = process;

    /// <summary>The position in the history at which it began.</summary>
    public long BegunAt { get; } = begunAt;

    /// <summary>The request that it serves, if it does.</summary>
    public Request? Request { get; init; }

    /// <summary>Takes its end, with what it failed of.</summary>
    public required Action<Flight, Exception?> Ended { get; init; }

    /// <summary>The latest that the domain clock showed while it was under way, before that clock was set back.</summary>
    public DateTimeOffset LatestDomain { get; private set; } = DateTimeOffset.MinValue;

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>The call that stands still.</summary>
    public TaskCompletionSource<Fate>? Held { get; set; }

    public bool IsDead { get; set; }

    /// <summary>Whether a call of it ever stood still.</summary>
    public bool WasHeld { get; set; }

    /// <summary>How many of its calls had no answer.</summary>
    public int Unanswered { get; set; }

    /// <summary>The delivery that it has claimed.</summary>
    public ModelDelivery? Claimed { get; set; }

    /// <summary>The POST that it made under its claim.</summary>
    public ModelPost? Post { get; set; }

    /// <summary>The domain clock is set back while it is under way.</summary>
    public void DomainGoesBack(DateTimeOffset from, TimeSpan by)
    {
        LatestDomain = from > LatestDomain ? from : LatestDomain;
        if (Post is { } post && from + by < post.EndedAt)
        {
            post.EndedAt = from + by;
        }
    }

    public void Follow(Course course) => _course = course;

    /// <summary>What becomes of its next call.</summary>
    public Fate Next()
    {
        if (_course.Calls > 0)
        {
            _course = _course with { Calls = _course.Calls - 1 };
            return Fate.Works;
        }

        var fate = _course.Fate;
        _course = Course.Whole;
        return fate;
    }
}
