using System.Text.RegularExpressions;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Documentation;

/// <summary>Holds docs/fidelity.md to the tests it names: the page is only worth something while every proof in it exists.</summary>
public sealed partial class FidelityTests
{
    private const string Omitted = "Omitted: ";

    private static readonly Lazy<HashSet<string>> s_tests = new(() => [.. Tests()]);

    public static TheoryData<string> Rows => [.. Behaviours().Select(row => row.Line)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_behaviour_names_tests_that_exist_or_says_why_it_is_left_out(string line)
    {
        var proof = Cells(line)[^1];
        if (proof.StartsWith(Omitted, StringComparison.Ordinal))
        {
            Assert.NotEmpty(proof[Omitted.Length..].Trim());
            return;
        }

        var named = Proof().Matches(proof).Select(match => match.Groups["test"].Value).ToList();
        Assert.NotEmpty(named);
        Assert.Equal("", Proof().Replace(proof, "").Trim(' ', ','));
        Assert.Empty(named.Except(s_tests.Value));
    }

    [Fact]
    public void No_behaviour_stands_twice() =>
        Assert.Empty(Behaviours().GroupBy(row => row.Behaviour, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key));

    [Fact]
    public void Every_row_has_its_three_columns()
    {
        Assert.True(Behaviours().Count() > 50);
        Assert.All(Behaviours(), row => Assert.Equal(3, Cells(row.Line).Length));
    }

    /// <summary>The rows below a table's rule; a heading and its rule are none.</summary>
    private static IEnumerable<(string Line, string Behaviour)> Behaviours()
    {
        var rule = false;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "fidelity.md")))
        {
            if (!line.StartsWith('|'))
            {
                rule = false;
            }
            else if (line.StartsWith("| ---", StringComparison.Ordinal))
            {
                rule = true;
            }
            else if (rule)
            {
                yield return (line, Cells(line)[0]);
            }
        }
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split(" | ").Select(cell => cell.Trim())];

    /// <summary>Class.Method of every test there is, read from the sources: the page may name a test of any assembly.</summary>
    private static IEnumerable<string> Tests() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        let source = File.ReadAllText(file)
        let type = Class().Match(source)
        where type.Success
        from test in Test().Matches(source)
        select $"{type.Groups["name"].Value}.{test.Groups["name"].Value}";

    [GeneratedRegex("`(?<test>[A-Za-z0-9]+\\.\\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Proof();

    [GeneratedRegex(@"^(public|internal) [a-z ]*class (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(Fact|Theory|Property)\b[^\]]*\](?:(?!public)[\s\S])*?public (async )?\w+ (?<name>\w+)\(", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Test();
}
