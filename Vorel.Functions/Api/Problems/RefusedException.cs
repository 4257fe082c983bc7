namespace Vorel.Functions.Api.Problems;

/// <summary>The edge refuses the request with this problem, before the domain has seen it.</summary>
internal sealed class RefusedException(Problem problem) : Exception(problem.Code)
{
    public Problem Problem { get; } = problem;
}
