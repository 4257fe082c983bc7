using System.Text.RegularExpressions;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Documentation;

/// <summary>
/// Holds the pages whose tables name a test for each row to the tests there are: such a page is only worth something while
/// every proof in it exists.
/// </summary>
public sealed partial class ProofTests
{
    private const string Omitted = "Omitted: ";

    private static readonly string[] s_pages = ["fidelity.md", "hostile-inputs.md"];

    private static readonly Lazy<HashSet<string>> s_tests = new(() => [.. Tests()]);

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var page in s_pages)
            {
                foreach (var row in RowsOf(page))
                {
                    rows.Add(page, row);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_row_names_tests_that_exist_or_says_why_it_is_left_out(string page, string line)
    {
        var proof = Cells(line)[^1];
        if (proof.StartsWith(Omitted, StringComparison.Ordinal))
        {
            Assert.Equal("fidelity.md", page);
            Assert.NotEmpty(proof[Omitted.Length..].Trim());
            return;
        }

        var named = Proof().Matches(proof).Select(match => match.Groups["test"].Value).ToList();
        Assert.NotEmpty(named);
        Assert.Equal("", Proof().Replace(proof, "").Trim(' ', ','));
        Assert.Empty(named.Except(s_tests.Value));
    }

    [Theory]
    [InlineData("fidelity.md")]
    [InlineData("hostile-inputs.md")]
    public void Nothing_stands_twice_and_every_row_has_its_three_columns(string page)
    {
        var rows = RowsOf(page).Select(Cells).ToList();
        Assert.True(rows.Count > 50, $"{page} has {rows.Count} rows.");
        Assert.All(rows, cells => Assert.Equal(3, cells.Length));
        Assert.Empty(rows.GroupBy(cells => cells[0], StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    /// <summary>The rows below a table's rule; a heading and its rule are none.</summary>
    private static IEnumerable<string> RowsOf(string page)
    {
        var rule = false;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", page)))
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
                yield return line;
            }
        }
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split(" | ").Select(cell => cell.Trim())];

    /// <summary>Class and Class.Method of every test there is, read from the sources: a page may name a test of any assembly.</summary>
    private static IEnumerable<string> Tests() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        let source = File.ReadAllText(file)
        let type = Class().Match(source)
        where type.Success
        let name = type.Groups["name"].Value
        from test in Test().Matches(source)
        from proof in (string[])[name, $"{name}.{test.Groups["name"].Value}"]
        select proof;

    [GeneratedRegex("`(?<test>[A-Za-z0-9]+Tests(\\.\\w+)?|[A-Za-z0-9]+\\.\\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Proof();

    [GeneratedRegex(@"^(public|internal) [a-z ]*class (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(Fact|Theory|Property)\b[^\]]*\](?:(?!public)[\s\S])*?public (async )?\w+ (?<name>\w+)\(", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Test();
}
