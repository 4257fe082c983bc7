using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Core.Time;
using Vorel.Functions.Api;
using Vorel.Functions.Tests.Support;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Api;

/// <summary>Callers who do not wait, and storage that lets them wait.</summary>
public sealed class HangUpTests
{
    [Fact]
    public async Task A_write_whose_caller_hangs_up_in_the_middle_is_finished_so_that_no_announcement_stays_without_its_commit()
    {
        var queue = new SlowQueue(new InMemoryWorkQueue(TimeProvider.System));
        var hangUps = new HangUps();
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IWorkQueue>(queue).AddSingleton<IStartupFilter>(hangUps));
        var key = (await api.IssueKey(await api.Tenant(), "conversations:write")).Text("key");
        using var caller = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/conversations");
        request.Content = new StringContent("""{"channel":"webform","customer_identifier":"ada@example.com"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Authorization", "Bearer " + key);

        var call = api.Handler.Http.SendAsync(request, caller.Token);
        await queue.Reached.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await hangUps.Seen.Task;
        queue.Open.SetResult();

        await Eventually.True(() => api.Store.Dump().Any(row => row.Table == "Records" && row.Row.Key.StartsWith("conversation|", StringComparison.Ordinal)), "the record is committed");
    }

    [Fact]
    public async Task A_store_that_hangs_is_503_long_before_the_host_would_kill_the_process()
    {
        var time = new FakeTimeProvider();
        var reached = new TaskCompletionSource();
        var store = new FaultyStore(new InMemoryRowStore())
        {
            Before = (_, _, cancellationToken) =>
            {
                reached.TrySetResult();
                return Task.Delay(Timeout.Infinite, cancellationToken);
            },
        };
        await using var api = await ApiHarness.Start(services => services.AddSingleton<IRowStore>(store).AddSingleton(new Clocks(TimeProvider.System, time)));

        var call = api.As("vapk_live_" + new string('0', 48)).Get("/v1/leads");
        await reached.Task;
        Assert.False(call.IsCompleted);
        time.Advance(Deadline.Limit);
        var answer = await call;

        Assert.Equal((503, "unavailable"), (answer.Status, answer.Code));
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.InRange(Deadline.Limit, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3));
    }

    /// <summary>Notes that the server has seen a caller hang up.</summary>
    private sealed class HangUps : IStartupFilter
    {
        public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.RequestAborted.Register(() => Seen.TrySetResult());
                return following(context);
            });
            next(app);
        };
    }

    /// <summary>Lets a message be put only once the test says so, or the put is cancelled.</summary>
    private sealed class SlowQueue(InMemoryWorkQueue inner) : IWorkQueue
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken)
        {
            Reached.TrySetResult();
            await Open.Task.WaitAsync(cancellationToken);
            return await inner.Put(queue, body, delay, cancellationToken);
        }

        public Task Keep(string queue, string body, TimeSpan life, CancellationToken cancellationToken) => inner.Keep(queue, body, life, cancellationToken);

        public Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken) => inner.Show(queue, receipt, cancellationToken);

        public Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken) => inner.Remove(queue, receipt, cancellationToken);

        public Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken) =>
            inner.Take(queue, count, hideFor, cancellationToken);
    }
}
