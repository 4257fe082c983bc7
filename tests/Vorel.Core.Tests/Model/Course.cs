namespace Vorel.Core.Tests.Model;

/// <summary>How far an operation goes: so many calls that work, then one with this fate, and on if that leaves it alive.</summary>
internal sealed record Course(int Calls, Fate Fate)
{
    /// <summary>To its end, and nothing breaks.</summary>
    public static Course Whole { get; } = new(0, Fate.Works);

    public override string ToString() => Fate == Fate.Works ? "whole" : $"{Fate} at call {Calls}";
}
