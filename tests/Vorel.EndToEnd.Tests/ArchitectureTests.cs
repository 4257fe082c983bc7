using System.Reflection;

namespace Vorel.EndToEnd.Tests;

/// <summary>The arrows of docs/architecture.md: who may use whom, read from what the compiled assemblies really refer to.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Vorel.Core"] = ["Polly.Core"],
        ["Vorel.Azure"] = ["Vorel.Core", "Azure.Core"],
        ["Vorel.Durable"] = ["Google.Protobuf"],
        ["Vorel.Functions"] = ["Vorel.Core", "Vorel.Azure", "Vorel.Durable", "Azure.Core", "Azure.Identity"],
        ["Vorel.LocalHost"] = ["Vorel.Azure", "Vorel.Durable", "Azure.Core", "Google.Protobuf", "NCrontab.Signed", "System.CommandLine"],
    };

    public static TheoryData<string> Assemblies => [.. s_allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_refers_only_to_what_the_architecture_allows(string name)
    {
        var used = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).Where(IsNotOfTheFramework);

        Assert.Empty(used.Except(s_allowed[name]));
    }

    [Fact]
    public void The_domain_knows_no_web_framework() =>
        Assert.DoesNotContain(
            Assembly.Load("Vorel.Core").GetReferencedAssemblies(),
            reference => reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static bool IsNotOfTheFramework(string name) =>
        !name.StartsWith("Microsoft.", StringComparison.Ordinal)
        && name is not "netstandard" and not "mscorlib"
        && (!name.StartsWith("System.", StringComparison.Ordinal) || name == "System.CommandLine");
}
