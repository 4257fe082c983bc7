using System.Text;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests;

/// <summary>What is deployed holds nothing that is only for tests.</summary>
public sealed class PublishedProgramTests
{
    [Fact]
    public void Kill_points_are_compiled_into_the_crash_tests_build_and_into_no_other()
    {
        Assert.Empty(Naming("VOREL_FAILPOINT", Repository.Handler));
        Assert.Contains("Vorel.Core.dll", Naming("VOREL_FAILPOINT", Repository.HandlerWithFailpoints));
    }

    /// <summary>The assemblies of ours whose strings (UTF-16, as IL keeps them) hold <paramref name="text"/>.</summary>
    private static IEnumerable<string> Naming(string text, string folder) => Directory.GetFiles(folder, "Vorel.*.dll")
        .Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0)
        .Select(file => Path.GetFileName(file));
}
