using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>What the tests have in common that let it storm for a minute; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Storms
{
    public const string Name = "Storms";

    internal const int Tenants = 20;
    internal const int KeysPerTenant = 10;

    /// <summary>Real-time delays, shortened: the clock of queues cannot be moved.</summary>
    internal static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:02",
    };

    internal static void Print(CrashStage stage, ITestOutputHelper output)
    {
        var writes = stage.Tenants.SelectMany(tenant => tenant.Writes).ToList();
        foreach (var fate in writes.GroupBy(write => write.Fate).OrderBy(group => group.Key))
        {
            output.WriteLine($"{fate.Count()} writes {fate.Key}: {string.Join(", ", fate.GroupBy(write => write.Kind).Select(kind => $"{kind.Count()} {kind.Key}"))}");
        }

        foreach (var answers in writes.SelectMany(write => write.Answers).GroupBy(answer => (answer.Kind, answer.Status)).OrderBy(group => group.Key))
        {
            output.WriteLine($"{answers.Count()} answers {answers.Key.Kind} {answers.Key.Status}");
        }

        output.WriteLine($"CRM: {stage.Crm.Bodies.Count} posts, {stage.Crm.Records.Count} records");
        output.WriteLine($"webhooks: {stage.Tenants.Sum(tenant => CrashTenant.Subscribers.Keys.Sum(name => stage.Stack.Receiver.Posts(tenant.PathOf(name)).Count))} posts");
    }
}
