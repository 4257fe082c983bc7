using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Handler;

/// <summary>What one instance runs.</summary>
/// <param name="Name">What logs and status call it: its group, with <c>#2</c> for a group's second instance; <c>rest</c>, or <c>handler</c> where it runs everything.</param>
/// <param name="Groups">The scaling groups that it runs.</param>
internal sealed record Assignment(string Name, IReadOnlyList<ScalingGroup> Groups)
{
    /// <summary>The most handler processes that one machine is asked to carry.</summary>
    public const int MostInstances = 16;

    /// <summary>The names of its functions.</summary>
    public IReadOnlyList<string> Functions { get; } = [.. Groups.SelectMany(group => group.Functions).Select(function => function.Name)];

    /// <summary>
    /// Splits an app over so many instances: each of the first groups has one to itself and the last instance takes what is left. Once
    /// every group has its own, further instances go in turn to the groups that may have several; where none may, there are fewer.
    /// </summary>
    public static IReadOnlyList<Assignment> Split(FunctionCatalog catalog, int instances)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instances, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instances, MostInstances);
        var groups = ScalingGroup.Of(catalog);
        if (instances == 1 || groups.Count == 0)
        {
            return [new Assignment("handler", groups)];
        }

        if (instances < groups.Count)
        {
            return [.. groups.Take(instances - 1).Select(group => new Assignment(group.Name, [group])), new Assignment("rest", [.. groups.Skip(instances - 1)])];
        }

        var several = groups.Where(group => !group.IsSingleton).ToList();
        var further = several.Count == 0 ? 0 : instances - groups.Count;
        return
        [
            .. groups.Select(group => new Assignment(group.Name, [group])),
            .. Enumerable.Range(0, further).Select(n => new Assignment($"{several[n % several.Count].Name}#{2 + (n / several.Count)}", [several[n % several.Count]])),
        ];
    }

    /// <summary>True where this instance may be sent the function.</summary>
    public bool Runs(FunctionDefinition function) => Functions.Contains(function.Name, StringComparer.Ordinal);
}
