using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Durable;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Invocation;

public sealed partial class EnvelopeReplyTests
{
    private readonly List<string> _logs = [];

    [Theory]
    [InlineData("""{"ReturnValue":"2026-01-02T03:04:05.500+02:00"}""", "\"2026-01-02T01:04:05.5+00:00\"")]
    [InlineData("""{"ReturnValue":{"b":[{"at":"2026-01-02T03:04:05.000Z"}],"a":1.10}}""", """{"b":[{"at":"2026-01-02T03:04:05Z"}],"a":1.1}""")]
    [InlineData("""{"ReturnValue":"{\"at\":\"2026-01-02T03:04:05.000+02:00\",\"n\":1.10}"}""", """
        "{\"at\":\"2026-01-02T03:04:05.000+02:00\",\"n\":1.10}"
        """)]
    public async Task Dates_and_numbers_are_printed_anew_but_not_inside_a_string(string answer, string returned) =>
        Assert.Equal(returned, HostJson.Print((await Success(answer)).ReturnValue));

    [Fact]
    public async Task What_an_activity_of_ours_answers_comes_through_untouched()
    {
        var registry = new DurableTaskRegistry().AddActivity("Pay", _ => new Pay());
        var endpoint = new ActivityEndpoint(registry, new DurableWorkerOptions { JsonOptions = PaymentJson.Default.Options }, NullLoggerFactory.Instance);
        await using var services = new ServiceCollection().BuildServiceProvider();
        var answer = await endpoint.ExecuteAsync("Pay", null, "i", services, CancellationToken.None);
        Assert.Contains("1.10", answer, StringComparison.Ordinal);
        Assert.Contains("2026-01-02T03:04:05+02:00", answer, StringComparison.Ordinal);
        Assert.Equal(answer, (await Success($"{{\"ReturnValue\":{HostJson.Quote(answer)}}}")).ReturnValue!.GetValue<string>());
    }

    [Fact]
    public async Task Members_are_found_in_any_case_and_the_last_of_equal_ones_counts()
    {
        var success = await Success("""{"OUTPUTS":{"a":1,"A":2,"a":3},"returnValue":1,"RETURNVALUE":2,"logs":["x",1,true,null],"more":{}}""");
        Assert.Equal(("2", "3", "2"), (success.ReturnValue!.ToJsonString(), success.Outputs["a"]!.ToJsonString(), success.Outputs["A"]!.ToJsonString()));
        Assert.Equal(["x", "1", "True", ""], _logs);
    }

    [Theory]
    [InlineData("""{"Outputs":null,"Logs":null,"ReturnValue":null}""")]
    [InlineData("{}")]
    public async Task Nothing_at_all_is_a_success(string answer)
    {
        var success = await Success(answer);
        Assert.Null(success.ReturnValue);
        Assert.Empty(success.Outputs);
    }

    [Theory]
    [InlineData("text/plain", "{}", "Its content type is 'text/plain; charset=utf-8', not JSON.")]
    [InlineData("application/json", "{oops", "'o' is an invalid start of a property name")]
    [InlineData("application/json", "[1]", "The answer is JSON, but not an object.")]
    [InlineData("application/json", "\"text\"", "The answer is JSON, but not an object.")]
    [InlineData("application/json", """{"Outputs":[1]}""", "Outputs is JSON, but not an object.")]
    [InlineData("application/json", """{"Logs":"line"}""", "Logs is not an array.")]
    [InlineData("application/json", """{"Logs":[{}]}""", "A line of Logs is not a text.")]
    [InlineData("application/json", """{"ReturnValue":"\ud800"}""", "surrogate")]
    public async Task An_answer_that_cannot_be_used_fails_with_the_hosts_words_and_a_reason_for_the_log(string type, string answer, string why)
    {
        var failure = Assert.IsType<InvocationResult.Failure>(await Read(HttpStatusCode.OK, type, answer));
        Assert.Equal(InvocationFailure.BadAnswer, failure.Kind);
        Assert.StartsWith("Invalid HttpResponseMessage:\nStatusCode: 200, ReasonPhrase: 'OK', Version: 1.1,", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"\n {answer}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_outside_2xx_is_told_in_the_hosts_words_and_its_body_is_not_read()
    {
        var failure = Assert.IsType<InvocationResult.Failure>(await Read((HttpStatusCode)503, "application/json", """{"Logs":["lost"]}"""));
        Assert.Equal(new InvocationResult.Failure(InvocationFailure.Status, "Response status code does not indicate success: 503 (Service Unavailable)."), failure);
        Assert.Empty(_logs);
    }

    private async Task<InvocationResult.Success> Success(string answer) =>
        Assert.IsType<InvocationResult.Success>(await Read(HttpStatusCode.OK, "application/json", answer));

    private async Task<InvocationResult?> Read(HttpStatusCode status, string type, string answer)
    {
        using var message = new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8, type) };
        return await EnvelopeReply.Read(message, _logs, CancellationToken.None);
    }

    internal sealed record Payment(DateTimeOffset At, decimal Amount);

    [JsonSerializable(typeof(Payment))]
    [JsonSerializable(typeof(string))]
    internal sealed partial class PaymentJson : JsonSerializerContext;

    private sealed class Pay : TaskActivity<string?, Payment>
    {
        public override Task<Payment> RunAsync(TaskActivityContext context, string? input) =>
            Task.FromResult(new Payment(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), 1.10m));
    }
}
