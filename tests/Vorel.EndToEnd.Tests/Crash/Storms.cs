using System.Globalization;
using Xunit.Abstractions;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>What the tests have in common that let it storm for a minute; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Storms
{
    public const string Name = "Storms";

    internal const int Tenants = 20;
    internal const int KeysPerTenant = 10;
    private const int Writers = 6;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Real-time delays, shortened: the clock of queues cannot be moved.</summary>
    internal static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01",
        ["Vorel__PoisonRest"] = "00:00:05",
    };

    /// <summary>How long a stack may take to come to rest afterwards.</summary>
    internal static TimeSpan Settled { get; } = TimeSpan.FromMinutes(4);

    /// <summary>Lets several writers write for as long as the effort lasts, and <paramref name="storm"/> meanwhile.</summary>
    internal static async Task Write(CrashStage stage, Effort effort, Func<Random, CancellationToken, Task> storm)
    {
        using var enough = new CancellationTokenSource(effort.Lasts);
        var writers = Enumerable.Range(0, Writers).Select(n => new Writer(stage.Stack, stage.Tenants, n.ToString(CultureInfo.InvariantCulture), effort.Seed + n)).ToList();
        await Task.WhenAll([.. writers.Select(writer => writer.Run(s_pause, enough.Token)), storm(new Random(effort.Seed), enough.Token)]);
        writers.ForEach(writer => writer.Dispose());
    }

    /// <summary>What was written, asked and posted.</summary>
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
