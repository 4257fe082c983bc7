namespace Vorel.Functions.Api.Problems;

/// <summary>A request ends here with this problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Code)
{
    public Problem Problem { get; } = problem;
}
