using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Azure.Queues;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Queues;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Queues;

[Collection(AzuriteCollection.Name)]
public sealed class QueueListenerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _name = $"q{Guid.NewGuid():N}";
    private readonly RecordingInvoker _invoker = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    private QueueClient Queue => Client(_name);

    private QueueClient Poison => Client($"{_name}-poison");

    public async Task InitializeAsync() => await Queue.CreateIfNotExistsAsync();

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    [Fact]
    public async Task A_message_is_called_once_as_quoted_text_with_its_metadata_and_then_gone()
    {
        await Queue.SendMessageAsync("""{"v":1,"name":"Zoë","Id":"forged"}""");
        Listen(new QueueSettings());
        var call = await _invoker.Next();
        Assert.Equal("Worker", call.Function);
        Assert.Equal("""
            "\"{\\\"v\\\":1,\\\"name\\\":\\\"Zoë\\\",\\\"Id\\\":\\\"forged\\\"}\""
            """.Trim(), call.Data["msg"]);
        Assert.Equal(["DequeueCount", "ExpirationTime", "Id", "InsertionTime", "NextVisibleTime", "PopReceipt", "v", "name"], call.Metadata.Keys);
        Assert.Equal("\"1\"", call.Metadata["DequeueCount"]);
        Assert.Equal("\"\\\"forged\\\"\"", call.Metadata["Id"]);
        await Eventually.True(async () => await Count(Queue) == 0, "the queue is empty");
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public async Task A_message_that_keeps_failing_comes_back_and_ends_in_the_poison_queue()
    {
        _invoker.Answer = _ => Task.FromResult(RecordingInvoker.Failure);
        await Queue.SendMessageAsync("never");
        Listen(new QueueSettings { MaxDequeueCount = 3, VisibilityTimeout = TimeSpan.Zero });
        foreach (var count in new[] { "\"1\"", "\"2\"", "\"3\"" })
        {
            Assert.Equal(count, (await _invoker.Next()).Metadata["DequeueCount"]);
        }

        var dead = await Eventually.NotNull(async () => (await Look(Poison)).SingleOrDefault(), "the poison message");
        Assert.Equal("never", dead.MessageText);
        Assert.Equal(9999, dead.ExpiresOn!.Value.Year);
        Assert.Equal(0, await Count(Queue));
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public async Task A_failed_message_stays_hidden_for_visibilityTimeout()
    {
        _invoker.Answer = _ => Task.FromResult(RecordingInvoker.Failure);
        await Queue.SendMessageAsync("later");
        var started = DateTimeOffset.UtcNow;
        Listen(new QueueSettings { VisibilityTimeout = TimeSpan.FromSeconds(2), MaxPollingInterval = TimeSpan.FromMilliseconds(200) });
        await _invoker.Next();
        await _invoker.Next();
        Assert.True(DateTimeOffset.UtcNow - started >= TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task A_body_that_is_not_base64_goes_to_poison_as_it_is_without_a_call()
    {
        await Client(_name, QueueMessageEncoding.None).SendMessageAsync("not base64!");
        Listen(new QueueSettings());
        var dead = await Eventually.NotNull(async () => (await Look(Poison)).SingleOrDefault(), "the poison message");
        Assert.Equal("not base64!", dead.EncodedText);
        Assert.False(_invoker.HasMore);
    }

    [Fact]
    public async Task Without_encoding_a_text_is_taken_as_it_is()
    {
        await Client(_name, QueueMessageEncoding.None).SendMessageAsync("{\"plain\":true}");
        Listen(new QueueSettings { Base64 = false });
        Assert.Equal("\"\\\"{\\\\\\\"plain\\\\\\\":true}\\\"\"", (await _invoker.Next()).Data["msg"]);
    }

    [Fact]
    public async Task A_binary_binding_gets_base64_and_no_member_of_the_payload()
    {
        await Queue.SendMessageAsync("""{"v":1}""");
        Listen(new QueueSettings(), dataType: "binary");
        var call = await _invoker.Next();
        Assert.Equal("\"eyJ2IjoxfQ==\"", call.Data["msg"]);
        Assert.DoesNotContain("v", call.Metadata.Keys);
    }

    [Fact]
    public async Task A_message_is_kept_hidden_while_its_function_runs()
    {
        await Queue.SendMessageAsync("long");
        var message = Assert.Single((await Queue.ReceiveMessagesAsync(1, MessageLease.Length)).Value);
        var time = new FakeTimeProvider();
        var lease = new MessageLease(Queue, message, time, NullLogger.Instance);
        var work = new TaskCompletionSource<int>();
        var kept = lease.Keep(work.Task, CancellationToken.None);
        await Eventually.True(() => time.WaitingTimers > 0, "the wait for half time");
        time.Advance(MessageLease.Length / 2);

        // A renewal leaves a new receipt, so that the first one is of no use any more.
        await Eventually.True(() => time.WaitingTimers > 0, "the wait after the renewal");
        var refused = await Assert.ThrowsAsync<global::Azure.RequestFailedException>(() => Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt));
        Assert.Contains(refused.Status, new[] { 400, 404 });
        work.SetResult(1);
        Assert.Equal(1, await kept);
        await lease.Delete(CancellationToken.None);
        Assert.Equal(0, await Count(Queue));
    }

    [Fact]
    public async Task At_most_batchSize_and_newBatchThreshold_run_at_once()
    {
        var (now, most) = (0, 0);
        var open = new TaskCompletionSource();
        _invoker.Answer = async _ =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await open.Task;
            Interlocked.Decrement(ref now);
            return RecordingInvoker.Success;
        };
        for (var n = 0; n < 12; n++)
        {
            await Queue.SendMessageAsync($"m{n}");
        }

        Listen(new QueueSettings { BatchSize = 4, NewBatchThreshold = 2 });
        for (var n = 0; n < 4; n++)
        {
            await _invoker.Next();
        }

        await Eventually.True(() => Volatile.Read(ref now) == 4, "four under way");
        Assert.False(_invoker.HasMore);
        open.SetResult();
        for (var n = 0; n < 8; n++)
        {
            await _invoker.Next();
        }

        Assert.InRange(most, 4, 6);
        await Eventually.True(async () => await Count(Queue) == 0, "all done");
    }

    [Fact]
    public async Task A_call_under_way_when_the_host_stops_is_handed_back_at_once()
    {
        _invoker.Answer = async _ =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
            return RecordingInvoker.Success;
        };
        await Queue.SendMessageAsync("again");
        Listen(new QueueSettings());
        await _invoker.Next();
        await _stopping.CancelAsync();
        var back = await Eventually.NotNull(async () => (await Look(Queue)).SingleOrDefault(), "the message is back");
        Assert.Equal("again", back.MessageText);
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_yet_is_waited_for()
    {
        await Queue.DeleteIfExistsAsync();
        Listen(new QueueSettings { MaxPollingInterval = TimeSpan.FromMilliseconds(200) });
        await Queue.CreateIfNotExistsAsync();
        await Queue.SendMessageAsync("hello");
        await _invoker.Next();
        Assert.False(_running.IsCompleted);
    }

    [Fact]
    public async Task Two_listeners_of_one_queue_share_its_messages_and_never_work_on_one_at_the_same_time()
    {
        var (working, done, twice) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, int>(), new ConcurrentQueue<string>());
        var calls = new int[2];
        var other = new RecordingInvoker { Answer = call => Work(call, 1) };
        _invoker.Answer = call => Work(call, 0);
        for (var n = 0; n < 20; n++)
        {
            await Queue.SendMessageAsync($"m{n}");
        }

        var settings = new QueueSettings { BatchSize = 2, NewBatchThreshold = 1, VisibilityTimeout = TimeSpan.Zero, MaxPollingInterval = TimeSpan.FromMilliseconds(200) };
        Listen(settings);
        Listen(settings, invoker: other);
        await Eventually.True(() => done.Count == 20, "all messages are done", TimeSpan.FromSeconds(20));
        await Eventually.True(async () => await Count(Queue) == 0, "all are gone");
        Assert.Empty(twice);
        Assert.All(done.Values, times => Assert.Equal(1, times));
        Assert.Equal(40, calls.Sum());
        Assert.All(calls, count => Assert.NotEqual(0, count));

        async Task<InvocationResult> Work(RecordedCall call, int listener)
        {
            var id = call.Metadata["Id"];
            Interlocked.Increment(ref calls[listener]);
            if (!working.TryAdd(id, listener))
            {
                twice.Enqueue(id);
            }

            await Task.Delay(20); // A function at work, while the other listener looks for messages.
            working.TryRemove(id, out _);
            if (call.Metadata["DequeueCount"] == "\"1\"")
            {
                return RecordingInvoker.Failure; // Visible at once, for whoever comes first.
            }

            done.AddOrUpdate(id, 1, (_, times) => times + 1);
            return RecordingInvoker.Success;
        }
    }

    [Fact]
    public void An_idle_queue_is_polled_ever_more_rarely_up_to_the_limit_and_at_once_after_a_find()
    {
        var delay = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
        Assert.Equal([100, 200, 300, 500, 900, 1700, 2000], Enumerable.Range(0, 7).Select(_ => delay.After(success: false, 0.5).TotalMilliseconds));
        Assert.Equal(100, delay.After(success: true, 0.5).TotalMilliseconds);
        Assert.Equal(100, delay.After(success: false, 0.5).TotalMilliseconds);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
            Thread.SpinWait(1);
        }
    }

    private static async Task<IReadOnlyList<PeekedMessage>> Look(QueueClient queue)
    {
        try
        {
            return (await queue.PeekMessagesAsync(32)).Value;
        }
        catch (global::Azure.RequestFailedException error) when (error.Status == 404)
        {
            return [];
        }
    }

    private static async Task<int> Count(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    private QueueClient Client(string queue, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(azurite.ConnectionString, queue, new QueueClientOptions { MessageEncoding = encoding });

    private void Listen(QueueSettings settings, string? dataType = null, IFunctionInvoker? invoker = null)
    {
        var function = new FunctionDefinition("Worker", [new FunctionBinding("queueTrigger", "in", "msg", new JsonObject { ["queueName"] = "%QUEUE%", ["connection"] = "AzureWebJobsStorage", ["dataType"] = dataType })]);
        var app = new AppSettings(new LocalHostOptions
        {
            AppRoot = "", Storage = azurite.ConnectionString, DurableStorage = "", Settings = new Dictionary<string, string> { ["QUEUE"] = _name },
        });
        _running = Task.WhenAll(_running, Task.Run(() => new QueueListener(function, settings, app, invoker ?? _invoker, TimeProvider.System, NullLogger.Instance).Run(_stopping.Token)));
    }
}
