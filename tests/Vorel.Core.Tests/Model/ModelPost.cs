namespace Vorel.Core.Tests.Model;

/// <summary>One POST of a delivery: what came of it, and the earliest moment of the domain clock at which it can have ended.</summary>
internal sealed class ModelPost(Receivers.Answer answer, DateTimeOffset endedAt)
{
    /// <summary>What the product saw of the answer.</summary>
    public Receivers.Answer Answer { get; } = answer;

    public DateTimeOffset EndedAt { get; set; } = endedAt;
}
