using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Handler;

/// <summary>Functions that Flex Consumption scales as one: on the same instances, in the same processes.</summary>
/// <param name="Name"><c>http</c>, <c>durable</c>, or <c>function:</c> and the name of a function that scales by itself.</param>
/// <param name="Functions">What runs there.</param>
/// <param name="IsSingleton">True for a timer: however many instances there are, it fires on one.</param>
internal sealed record ScalingGroup(string Name, IReadOnlyList<FunctionDefinition> Functions, bool IsSingleton)
{
    /// <summary>The groups of an app: all HTTP functions, all orchestrators and activities, then each other function by itself.</summary>
    public static IReadOnlyList<ScalingGroup> Of(FunctionCatalog catalog) =>
    [
        .. catalog.Functions.GroupBy(NameOf, StringComparer.Ordinal)
            .Select(group => new ScalingGroup(group.Key, [.. group], group.Any(function => function.Trigger.Is("timerTrigger"))))
            .OrderBy(group => group.Name switch { "http" => 0, "durable" => 1, _ => 2 }),
    ];

    private static string NameOf(FunctionDefinition function) => function.Trigger switch
    {
        var trigger when trigger.Is("httpTrigger") => "http",
        var trigger when trigger.Is("orchestrationTrigger") || trigger.Is("activityTrigger") => "durable",
        _ => $"function:{function.Name}",
    };
}
