using System.Reflection;
using Vorel.Core.Errors;
using Vorel.Functions.Api.Problems;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Api;

public sealed class ErrorDocsTests
{
    private static readonly IReadOnlyList<Problem> s_problems =
        [.. typeof(Problem).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.GetValue(null)).OfType<Problem>()];

    [Fact]
    public void Every_problem_has_its_line_in_the_docs_and_every_line_its_problem()
    {
        var documented = File.ReadLines(RepositoryFolder.PathOf("docs", "errors.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]))
            .Select(line => string.Join(' ', line.Split('|', StringSplitOptions.TrimEntries)[1..3]));
        Assert.Equal(
            s_problems.Select(problem => $"{problem.Status} `{problem.Code}`").Order(StringComparer.Ordinal),
            documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_of_the_domain_is_a_problem() =>
        Assert.Empty(typeof(ProblemCodes).GetFields().Select(field => (string)field.GetValue(null)!).Except(s_problems.Select(problem => problem.Code)));
}
