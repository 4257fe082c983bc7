using System.Text.RegularExpressions;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Documentation;

/// <summary>What can be checked of the README without running it; <c>./test readme</c> runs it.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> Pages => [.. Markdown().Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Fact]
    public void Its_commands_are_files_that_can_be_run()
    {
        var commands = Command().Matches(s_readme).Select(match => match.Groups["file"].Value).ToHashSet();

        Assert.Superset(new HashSet<string> { "run", "test" }, commands);
        foreach (var path in commands.Select(file => Path.Combine(Repository.Root, file)))
        {
            Assert.True(File.Exists(path), $"{path} is missing.");
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{path} cannot be run.");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_of_a_page_leads_somewhere(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var targets = Link().Matches(File.ReadAllText(path)).Select(match => match.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)), $"{page} links to {target}, which is not there."));
    }

    [Fact]
    public void Every_test_area_it_names_is_known_to_the_test_command()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "test"));
        var known = Areas().Match(script).Groups["areas"].Value.Split(' ');
        var switches = Switches().Match(script).Groups["switches"].Value.Split(' ');
        var named = NamedArea().Matches(s_readme).Select(match => match.Groups["area"].Value).Distinct().ToArray();

        Assert.Contains("main", named);
        Assert.Empty(named.Except([.. known, .. switches]));
        Assert.All(switches, name => Assert.Contains($"  {name}) ", script, StringComparison.Ordinal));
        Assert.All(known, area => Assert.Contains($"  {area}) filter=", script, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Markdown() =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateDirectories(Repository.Root)
            .Where(folder => Path.GetFileName(folder) is var name && !name.StartsWith('.') && name != "node_modules")
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"^\$ \./(?<file>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("^areas='(?<areas>[^']+)'", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Areas();

    [GeneratedRegex("^switches='(?<switches>[^']+)'", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Switches();

    [GeneratedRegex(@"\./test (?<area>[a-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedArea();
}
