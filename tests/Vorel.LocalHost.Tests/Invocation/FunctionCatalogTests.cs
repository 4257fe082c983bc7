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
    [InlineData("Outward", """{"type":"timerTrigger","direction":"out","name":"timer"}""", "direction in")]
    [InlineData("Sideways", """{"type":"timerTrigger","direction":"across","name":"timer"}""", "not a direction")]
    [InlineData("Twice", Timer + "," + """{"type":"durableClient","direction":"in","name":"TIMER"}""", "same name")]
    [InlineData("Odd", """{"type":"timerTrigger","direction":"in","name":"my-timer"}""", "not a binding name")]
    [InlineData("Half", """{"type":"timerTrigger","name":"timer"}""", "no direction")]
    [InlineData("Bus", """{"type":"serviceBusTrigger","direction":"in","name":"m","queueName":"q"}""", "no trigger of type serviceBusTrigger")]
    [InlineData("BusOut", Timer + "," + """{"type":"serviceBus","direction":"out","name":"m","queueName":"q"}""", "no output of type serviceBus")]
    [InlineData("Table", Timer + "," + """{"type":"table","direction":"in","name":"t"}""", "no input of type table")]
    [InlineData("Outputs", Timer + "," + """{"type":"queue","direction":"out","name":"m","queueName":"q"},{"type":"durableClient","direction":"out","name":"c"}""", null)]
    [InlineData("Blob", """{"type":"blobTrigger","direction":"in","name":"b"}""", "no trigger of type blobTrigger")]
    [InlineData("Mixed", """{"type":"httpTrigger","direction":"in","name":"req"},{"type":"http","direction":"out","name":"res"},{"type":"durableClient","direction":"in","name":"c"}""", null)]
    [InlineData("NoRoute", """{"type":"httpTrigger","direction":"in","name":"req"},{"type":"http","direction":"out","name":"res"}""", null)]
    [InlineData("Administrator", """{"type":"httpTrigger","direction":"in","name":"req"},{"type":"http","direction":"out","name":"res"}""", "keeps for itself")]
    [InlineData("Reserved", """{"type":"httpTrigger","direction":"in","name":"req","route":"/Runtime-report/"},{"type":"http","direction":"out","name":"res"}""", "keeps for itself")]
    [InlineData("Unclosed", """{"type":"httpTrigger","direction":"in","name":"req","route":"v1/{id"},{"type":"http","direction":"out","name":"res"}""", "cannot be used")]
    [InlineData("Unknown", """{"type":"httpTrigger","direction":"in","name":"req","route":"v1/{id:even}"},{"type":"http","direction":"out","name":"res"}""", "no constraint 'even'")]
    [InlineData("Pattern", """{"type":"httpTrigger","direction":"in","name":"req","route":"v1/{id:regex(^\\d+$)}"},{"type":"http","direction":"out","name":"res"}""", null)]
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

    [Fact]
    public void A_script_file_that_is_named_must_exist()
    {
        using var app = new TestApp().FunctionJson("With", $$"""{"scriptFile":"run.sh","bindings":[{{Timer}}]}""").FunctionJson("Without", $$"""{"scriptFile":"gone.sh","bindings":[{{Timer}}]}""");
        File.WriteAllText(Path.Combine(app.Root, "With", "run.sh"), "");
        Assert.Equal(["With"], app.Catalog.Functions.Select(function => function.Name));
        Assert.Contains("gone.sh", app.Catalog.Errors["Without"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", null, "", true)]
    [InlineData("false", null, "", false)]
    [InlineData("false", "AzureWebJobs.F.Disabled", "True", true)]
    [InlineData("false", "AzureWebJobs__F__Disabled", "1", true)]
    [InlineData("false", "AzureWebJobs.F.Disabled", "false", false)]
    [InlineData("false", "AzureWebJobs.G.Disabled", "true", false)]
    [InlineData("\"%OFF%\"", "OFF", "true", true)]
    [InlineData("\"OFF\"", "OFF", "0", false)]
    public void A_function_is_disabled_by_its_file_or_by_a_setting(string disabled, string? setting, string value, bool expected)
    {
        using var app = new TestApp().FunctionJson("F", $$"""{"disabled":{{disabled}},"bindings":[{{Timer}}]}""").Function("Other", Timer);
        if (setting is not null)
        {
            app.Settings[setting] = value;
        }

        Assert.Empty(app.Catalog.Errors);
        Assert.Equal(expected, app.Catalog.Find("f")!.IsDisabled);
        Assert.Equal(expected ? ["Other"] : ["F", "Other"], app.Catalog.Enabled.Select(function => function.Name));
    }

    [Theory]
    [InlineData("""{"strategy":"fixedDelay","maxRetryCount":2,"delayInterval":"00:00:05"}""", null)]
    [InlineData("""{"strategy":"exponentialBackoff","maxRetryCount":-1,"minimumInterval":"00:00:05","maximumInterval":"00:05:00"}""", null)]
    [InlineData("""{"strategy":"never","maxRetryCount":2}""", "neither fixedDelay nor exponentialBackoff")]
    [InlineData("""{"strategy":"fixedDelay","delayInterval":"00:00:05"}""", "no maxRetryCount")]
    [InlineData("""{"strategy":"fixedDelay","maxRetryCount":2}""", "no delayInterval")]
    [InlineData("""{"strategy":"exponentialBackoff","maxRetryCount":2,"minimumInterval":"00:00:05"}""", "no minimumInterval and maximumInterval")]
    [InlineData("""{"strategy":"exponentialBackoff","maxRetryCount":2,"minimumInterval":"00:00:05","maximumInterval":"00:00:01"}""", "above its maximumInterval")]
    public void A_retry_that_is_incomplete_keeps_its_function_from_loading(string retry, string? reason)
    {
        using var app = new TestApp().FunctionJson("Nightly", $$"""{"bindings":[{{Timer}}],"retry":{{retry}}}""");
        Assert.Equal(reason is null, app.Catalog.Find("Nightly")?.Retry is not null);
        Assert.Equal(reason is null ? [] : ["Nightly"], app.Catalog.Errors.Keys);
        Assert.Contains(reason ?? "", app.Catalog.Errors.GetValueOrDefault("Nightly", ""), StringComparison.Ordinal);
    }
}
