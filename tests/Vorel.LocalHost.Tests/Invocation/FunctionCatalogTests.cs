using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Invocation;

public sealed class FunctionCatalogTests
{
    private const string Timer = """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 * * * * *"}""";

    [Theory]
    [InlineData("Good", Timer, null)]
    [InlineData("1bad", Timer, "not a function name")]
    [InlineData("host", Timer, "not a function name")]
    [InlineData("Two", Timer + "," + """{"type":"queueTrigger","direction":"in","name":"msg","queueName":"q"}""", "exactly one trigger")]
    [InlineData("None", """{"type":"queue","direction":"out","name":"msg"}""", "exactly one trigger")]
    [InlineData("Twice", Timer + "," + """{"type":"durableClient","direction":"in","name":"TIMER"}""", "same name")]
    [InlineData("Odd", """{"type":"timerTrigger","direction":"in","name":"my-timer"}""", "not a binding name")]
    [InlineData("Half", """{"type":"timerTrigger","name":"timer"}""", "no direction")]
    [InlineData("Blob", """{"type":"blobTrigger","direction":"in","name":"b"}""", "does not know the trigger blobTrigger")]
    [InlineData("Mixed", """{"type":"httpTrigger","direction":"in","name":"req"},{"type":"http","direction":"out","name":"res"},{"type":"durableClient","direction":"in","name":"c"}""", "further binding")]
    public void A_function_that_breaks_a_rule_is_left_out_with_the_reason_and_the_others_run(string name, string bindings, string? reason)
    {
        using var app = new TestApp().Function(name, bindings).Function("Other", Timer);
        Assert.Contains("Other", app.Catalog.Functions.Select(function => function.Name));
        Assert.Equal(reason is null, app.Catalog.Functions.Any(function => function.Name == name));
        if (reason is not null)
        {
            Assert.Contains(reason, app.Catalog.Errors[name], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_second_function_with_a_route_and_method_is_left_out()
    {
        using var app = new TestApp().Http("A", "v1/x", "\"get\"").Http("B", "V1/x/", "\"GET\",\"POST\"").Http("C", "v1/x", "\"DELETE\"");
        Assert.Equal(["A", "C"], app.Catalog.Functions.Select(function => function.Name));
    }
}
