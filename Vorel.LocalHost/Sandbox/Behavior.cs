namespace Vorel.LocalHost.Sandbox;

/// <summary>How a receiver of the sandbox is told to behave; an empty object is back to normal.</summary>
internal sealed record Behavior
{
    /// <summary>The signing secret; absent keeps the one it has.</summary>
    public string? Secret { get; init; }

    /// <summary>The status to answer instead of doing the work.</summary>
    public int? Status { get; init; }

    /// <summary>For how many requests status, delay, reset and apply hold; absent is until the next change.</summary>
    public int? Times { get; init; }

    /// <summary>Milliseconds to wait before anything else.</summary>
    public int? DelayMs { get; init; }

    /// <summary>Cut the connection instead of answering.</summary>
    public bool Reset { get; init; }

    /// <summary>With status or reset: do the work first, so that only the answer is lost.</summary>
    public bool Apply { get; init; }

    /// <summary>Cut every connection, and count nothing, until the next change: a receiver that is not there.</summary>
    public bool Off { get; init; }
}
