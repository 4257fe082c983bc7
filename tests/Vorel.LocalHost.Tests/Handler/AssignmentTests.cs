using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Handler;

public sealed class AssignmentTests
{
    private static readonly FunctionCatalog s_app = FunctionCatalog.Of(
        Function("Act", "activityTrigger"),
        Function("Api", "httpTrigger"),
        Function("Bulk", "queueTrigger"),
        Function("Flow", "orchestrationTrigger"),
        Function("Health", "httpTrigger"),
        Function("Live", "queueTrigger"),
        Function("Tick", "timerTrigger"));

    [Fact]
    public void All_http_functions_are_one_group_all_durable_ones_another_and_each_other_function_its_own()
    {
        Assert.Equal(
            ["http: Api Health", "durable: Act Flow", "function:Bulk: Bulk", "function:Live: Live", "function:Tick: Tick"],
            ScalingGroup.Of(s_app).Select(group => $"{group.Name}: {string.Join(' ', group.Functions.Select(function => function.Name))}"));
        Assert.Equal("function:Tick", Assert.Single(ScalingGroup.Of(s_app), group => group.IsSingleton).Name);
    }

    [Theory]
    [InlineData(1, "handler=http+durable+function:Bulk+function:Live+function:Tick")]
    [InlineData(2, "http=http", "rest=durable+function:Bulk+function:Live+function:Tick")]
    [InlineData(3, "http=http", "durable=durable", "rest=function:Bulk+function:Live+function:Tick")]
    [InlineData(4, "http=http", "durable=durable", "function:Bulk=function:Bulk", "rest=function:Live+function:Tick")]
    [InlineData(5, "http=http", "durable=durable", "function:Bulk=function:Bulk", "function:Live=function:Live", "function:Tick=function:Tick")]
    [InlineData(6, "http#2=http")]
    [InlineData(7, "durable#2=durable")]
    [InlineData(8, "function:Bulk#2=function:Bulk")]
    [InlineData(9, "function:Live#2=function:Live")]
    [InlineData(10, "http#3=http")]
    public void Groups_go_to_processes_in_order_and_further_processes_to_the_groups_in_turn(int instances, params string[] last)
    {
        var split = Assignment.Split(s_app, instances).Select(one => $"{one.Name}={string.Join('+', one.Groups.Select(group => group.Name))}").ToList();
        Assert.Equal(instances, split.Count);
        Assert.Equal(last, split.Skip(instances - last.Length));
        Assert.Equal(split.Take(Math.Min(5, instances - last.Length)), Assignment.Split(s_app, 5).Select(one => $"{one.Name}={one.Name}").Take(instances - last.Length));
    }

    [Fact]
    public void Every_function_runs_somewhere_and_a_timer_on_one_instance_alone()
    {
        for (var instances = 1; instances <= Assignment.MostInstances; instances++)
        {
            var split = Assignment.Split(s_app, instances);
            Assert.All(s_app.Functions, function => Assert.Contains(split, one => one.Runs(function)));
            Assert.Single(split, one => one.Functions.Contains("Tick"));
            Assert.Equal(instances, split.Select(one => one.Name).Distinct().Count());
        }
    }

    [Fact]
    public void An_app_of_timers_alone_gets_no_more_processes_than_timers()
    {
        var app = FunctionCatalog.Of(Function("Hourly", "timerTrigger"), Function("Tick", "timerTrigger"));
        Assert.Equal(["function:Hourly", "function:Tick"], Assignment.Split(app, 5).Select(one => one.Name));
    }

    [Fact]
    public void An_app_of_one_group_or_none_is_split_all_the_same()
    {
        Assert.Equal(["http", "http#2", "http#3"], Assignment.Split(FunctionCatalog.Of(Function("Api", "httpTrigger")), 3).Select(one => one.Name));
        Assert.Equal(["handler"], Assignment.Split(FunctionCatalog.Of(), 3).Select(one => one.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void Refuses_no_processes_and_more_than_sixteen(int instances) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Assignment.Split(s_app, instances));

    private static FunctionDefinition Function(string name, string trigger) => new(name, [new FunctionBinding(trigger, "in", "value", [])]);
}
