using System.Text.Json;
using Vorel.Durable.Tests.Engine;
using Vorel.Testing;

namespace Vorel.Durable.Tests;

public sealed class ActivityEndpointTests
{
    [Fact]
    public async Task A_success_is_an_envelope_around_the_value() =>
        Assert.Equal("{\"ok\":true,\"value\":\"x!\"}", await Run<string, string>((_, input) => Task.FromResult(input + "!"), "\"\\\"x\\\"\""));

    [Theory]
    [InlineData("\"{\\\"Winner\\\":\\\"a\\\",\\\"At\\\":\\\"2026-01-01T00:00:00Z\\\"}\"")]
    [InlineData("{\"Winner\":\"a\",\"At\":\"2026-01-01T00:00:00Z\"}")]
    public async Task An_input_is_taken_wrapped_or_as_it_is(string input) =>
        Assert.Equal("{\"ok\":true,\"value\":\"a\"}", await Run<Race, string>((_, race) => Task.FromResult(race.Winner), input));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    public async Task No_input_is_the_types_default(string? input) =>
        Assert.Equal("{\"ok\":true,\"value\":true}", await Run<string?, bool>((_, text) => Task.FromResult(text is null), input));

    [Theory]
    [InlineData("null", "The input of 'Work' is absent, but must be a System.Int32.")]
    [InlineData("{broken", "The input of 'Work' is not JSON.")]
    [InlineData("\"\\\"+4917012345\\\"\"", "The input of 'Work' is not JSON of type System.Int32.")]
    public async Task An_input_that_does_not_fit_is_a_final_failure_that_does_not_quote_it(string input, string message) =>
        Assert.Equal(
            ("Vorel.Durable.DurablePayloadException", message, false),
            Failure(await Run<int, int>((_, number) => Task.FromResult(number), input)));

    [Fact]
    public async Task An_exception_is_told_by_its_type_alone() => Assert.Equal(
        ("System.InvalidOperationException", "The message is withheld: it may hold what must not leave the process.", true),
        Failure(await Run<string?, int>((_, _) => throw new InvalidOperationException("+4917012345"))));

    [Fact]
    public async Task An_exception_with_a_safe_message_is_told_with_it() => Assert.Equal(
        ("Vorel.Durable.ActivityNotFoundException", "No activity is named 'y'.", true),
        Failure(await Run<string?, int>((_, _) => throw new ActivityNotFoundException("y"))));

    [Fact]
    public async Task The_application_says_how_its_own_exceptions_are_told()
    {
        var options = new DurableWorkerOptions
        {
            JsonOptions = TestWorker.Options.JsonOptions,
            DescribeFailure = failure => failure is TimeZoneNotFoundException ? new ActivityFailure("zone", "unknown zone", false) : null,
        };

        Assert.Equal(("zone", "unknown zone", false), Failure(await Run<string?, int>((_, _) => throw new TimeZoneNotFoundException(), null, options)));
        Assert.Equal("System.ArithmeticException", Failure(await Run<string?, int>((_, _) => throw new ArithmeticException(), null, options)).Type);
    }

    [Fact]
    public async Task An_unknown_activity_is_a_failure_that_names_it()
    {
        var endpoint = new ActivityEndpoint(new DurableTaskRegistry(), TestWorker.Options, new RecordingLog());
        var answer = await endpoint.ExecuteAsync("Nope", null, "i", NoServices.Instance, CancellationToken.None);

        Assert.Equal("No activity is named 'Nope'.", Failure(answer).Message);
    }

    [Fact]
    public async Task An_activity_learns_its_name_and_instance()
    {
        var answer = await Run<string?, string>((context, _) => Task.FromResult($"{context.Name} of {context.InstanceId}"));

        Assert.Equal("{\"ok\":true,\"value\":\"Work of flow:1\"}", answer);
    }

    [Fact]
    public async Task An_activity_is_cancelled_at_its_deadline_which_another_attempt_may_meet()
    {
        var answer = await Run<string?, int>(
            async (context, _) =>
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return 1;
            },
            null,
            Deadlines(deadline: 10, grace: 60_000));

        Assert.Equal(("System.OperationCanceledException", "Activity 'Work' did not end within 0 s.", true), Failure(answer));
    }

    [Fact]
    public async Task A_failure_of_the_activitys_own_after_its_deadline_is_told_as_it_is()
    {
        var answer = await Run<string?, int>(
            async (context, _) =>
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, context.CancellationToken));
                throw new DurablePayloadException("half done");
            },
            null,
            Deadlines(deadline: 10, grace: 60_000));

        Assert.Equal(("Vorel.Durable.DurablePayloadException", "half done", false), Failure(answer));
    }

    [Fact]
    public async Task An_activity_that_ignores_its_deadline_is_left_behind()
    {
        var log = new RecordingLog();
        var never = new TaskCompletionSource<int>();
        var answer = await Run<string?, int>((_, _) => never.Task, null, Deadlines(deadline: 10, grace: 10), log);

        Assert.Equal("System.OperationCanceledException", Failure(answer).Type);
        Assert.Contains(log.Lines, line => line.Contains("left behind", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_activity_that_blocks_its_thread_is_left_behind_too()
    {
        using var never = new ManualResetEventSlim();
        var log = new RecordingLog();
        var call = Task.Run(() => Run<string?, int>(
            (_, _) =>
            {
                never.Wait();
                return Task.FromResult(1);
            },
            null,
            Deadlines(deadline: 10, grace: 10),
            log));

        Assert.Equal("System.OperationCanceledException", Failure(await Eventually.Within(call, "an answer for the activity")).Type);
        Assert.Contains(log.Lines, line => line.Contains("left behind", StringComparison.Ordinal));
        never.Set();
    }

    [Fact]
    public async Task A_call_that_the_host_dropped_has_no_answer()
    {
        using var dropped = new CancellationTokenSource();
        var registry = new DurableTaskRegistry().AddActivity("Work", _ => new LambdaActivity<string?, int>(async (context, _) =>
        {
            await dropped.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return 1;
        }));
        var endpoint = new ActivityEndpoint(registry, TestWorker.Options, new RecordingLog());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => endpoint.ExecuteAsync("Work", null, "i", NoServices.Instance, dropped.Token));
    }

    [Fact]
    public async Task A_cancellation_of_the_activitys_own_is_not_taken_for_its_deadline()
    {
        var answer = await Run<string?, int>((_, _) => throw new TaskCanceledException());

        Assert.Equal("System.Threading.Tasks.TaskCanceledException", Failure(answer).Type);
    }

    [Fact]
    public async Task Logs_hold_no_message_of_an_exception()
    {
        var log = new RecordingLog();
        await Run<string?, int>((_, _) => throw new InvalidOperationException("+4917012345"), null, null, log);

        Assert.Contains("System.InvalidOperationException", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("+49", log.Lines.Single(), StringComparison.Ordinal);
    }

    private static DurableWorkerOptions Deadlines(int deadline, int grace) => new()
    {
        JsonOptions = TestWorker.Options.JsonOptions,
        ActivityDeadline = TimeSpan.FromMilliseconds(deadline),
        ActivityGrace = TimeSpan.FromMilliseconds(grace),
    };

    private static Task<string> Run<TInput, TOutput>(
        Func<TaskActivityContext, TInput, Task<TOutput>> code,
        string? input = null,
        DurableWorkerOptions? options = null,
        RecordingLog? log = null)
    {
        var registry = new DurableTaskRegistry().AddActivity("Work", _ => new LambdaActivity<TInput, TOutput>(code));
        return new ActivityEndpoint(registry, options ?? TestWorker.Options, log ?? new RecordingLog())
            .ExecuteAsync("Work", input, TestHub.InstanceId, NoServices.Instance, CancellationToken.None);
    }

    private static (string? Type, string? Message, bool Retriable) Failure(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        Assert.False(document.RootElement.GetProperty("ok").GetBoolean());
        var error = document.RootElement.GetProperty("error");
        return (error.GetProperty("type").GetString(), error.GetProperty("message").GetString(), error.GetProperty("retriable").GetBoolean());
    }
}
