using System.Text.Json.Nodes;
using Vorel.LocalHost.Durable.Turns;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Durable.Turns;

public sealed class DurableFunctionsTests
{
    [Fact]
    public void Names_are_the_folders_or_what_the_trigger_says_in_any_case()
    {
        var functions = new DurableFunctions(FunctionCatalog.Of(Activity("Pay"), Activity("Folder", "Ship")));
        Assert.NotNull(functions.Activity("PAY"));
        Assert.NotNull(functions.Activity("ship"));
        Assert.Null(functions.Activity("Folder"));
        Assert.Null(functions.Orchestrator("Pay"));
    }

    [Fact]
    public void A_disabled_function_is_as_unknown_as_one_that_is_not_there() =>
        Assert.Null(new DurableFunctions(FunctionCatalog.Of(Activity("Pay") with { IsDisabled = true })).Activity("Pay"));

    private static FunctionDefinition Activity(string folder, string? name = null) =>
        new(folder, [new FunctionBinding("activityTrigger", "in", "input", name is null ? [] : new JsonObject { ["activity"] = name })]);
}
