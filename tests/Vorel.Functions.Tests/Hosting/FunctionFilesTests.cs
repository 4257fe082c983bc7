using System.Text.Json.Nodes;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Tests.Hosting;

public sealed class FunctionFilesTests
{
    [Fact]
    public void The_files_say_exactly_what_the_attributes_say()
    {
        var folder = Directory.CreateTempSubdirectory("vorel-functions-");
        try
        {
            FunctionFiles.Write(FunctionCatalogue.Default, folder.FullName);

            var written = folder.GetDirectories().Select(function => function.Name).Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(FunctionCatalogue.Default.All.Select(function => function.Name).Order(StringComparer.Ordinal), written);
            Assert.All(FunctionCatalogue.Default.All, function =>
            {
                var file = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, function.Name, "function.json")));
                Assert.True(JsonNode.DeepEquals(function.Describe(), file), function.Name);
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_function_that_is_no_more_loses_its_folder_and_nothing_else_does()
    {
        var folder = Directory.CreateTempSubdirectory("vorel-functions-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "runtimes"));
            var gone = Directory.CreateDirectory(Path.Combine(folder.FullName, "Gone")).FullName;
            File.WriteAllText(Path.Combine(gone, "function.json"), "{}");

            FunctionFiles.Write(FunctionCatalogue.Default, folder.FullName);

            Assert.False(Directory.Exists(gone));
            Assert.True(Directory.Exists(Path.Combine(folder.FullName, "runtimes")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("V1", "v1/{*path}")]
    [InlineData("Api", "api/{*path}")]
    [InlineData("OAuth", "oauth/{*path}")]
    [InlineData("Health", "health")]
    public void An_http_function_has_the_one_shape_that_the_host_forwards(string name, string route)
    {
        var expected = JsonNode.Parse($$"""
            {"bindings":[
              {"type":"httpTrigger","direction":"in","name":"req","authLevel":"anonymous","route":"{{route}}"},
              {"type":"http","direction":"out","name":"res"}]}
            """);

        Assert.True(JsonNode.DeepEquals(expected, FunctionCatalogue.Default.Find(name)!.Describe()));
    }

    [Theory]
    [InlineData("Live", """{"type":"queueTrigger","direction":"in","name":"message","queueName":"live","connection":"AzureWebJobsStorage"},{"type":"durableClient","direction":"in","name":"client"}""")]
    [InlineData("Bulk", """{"type":"queueTrigger","direction":"in","name":"message","queueName":"bulk","connection":"AzureWebJobsStorage"},{"type":"durableClient","direction":"in","name":"client"}""")]
    [InlineData("Commands", """{"type":"queueTrigger","direction":"in","name":"message","queueName":"commands","connection":"AzureWebJobsStorage"}""")]
    [InlineData("RetentionSweep", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 0 * * * *","runOnStartup":false,"useMonitor":true}""")]
    [InlineData("Tick", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 */1 * * * *","runOnStartup":false,"useMonitor":true},{"type":"durableClient","direction":"in","name":"client"}""")]
    [InlineData("WebhookDelivery", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""")]
    [InlineData("RecordLifecycle", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""")]
    [InlineData("LoadDelivery", """{"type":"activityTrigger","direction":"in","name":"input"}""")]
    [InlineData("AttemptDelivery", """{"type":"activityTrigger","direction":"in","name":"input"}""")]
    [InlineData("MirrorRecord", """{"type":"activityTrigger","direction":"in","name":"input"}""")]
    public void Every_other_function_has_the_bindings_that_its_trigger_needs(string name, string bindings)
    {
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($$"""{"bindings":[{{bindings}}]}"""), FunctionCatalogue.Default.Find(name)!.Describe()));
    }
}
