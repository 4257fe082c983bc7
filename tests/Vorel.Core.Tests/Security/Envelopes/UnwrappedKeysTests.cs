using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Security.Envelopes;

public sealed class UnwrappedKeysTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly GatedWrapper _wrapper = new();
    private readonly UnwrappedKeys _keys;

    public UnwrappedKeysTests() => _keys = new UnwrappedKeys(_wrapper, _time);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Two_hundred_who_ask_at_once_make_one_call_and_get_copies_of_their_own()
    {
        var asking = Enumerable.Range(0, 200).Select(_ => Task.Run(() => Get("a"))).ToList();
        await _wrapper.Asked(1);
        _wrapper.Answer("a", Key(1));

        var keys = await Task.WhenAll(asking);

        Assert.Equal(1, _wrapper.Calls);
        keys[0].Dispose();
        Assert.All(keys.Skip(1), key => Assert.Equal(Key(1), key.Bytes.ToArray()));
    }

    [Fact]
    public async Task Keys_do_not_wait_for_each_other()
    {
        var first = Get("a");
        await _wrapper.Asked(1);
        var second = Get("b");
        await _wrapper.Asked(2);
        _wrapper.Answer("b", Key(2));

        Assert.Equal(Key(2), (await second).Bytes.ToArray());
        Assert.False(first.IsCompleted);
        _wrapper.Answer("a", Key(1));
        Assert.Equal(Key(1), (await first).Bytes.ToArray());
    }

    [Fact]
    public async Task A_caller_who_goes_away_takes_nobody_with_it()
    {
        using var caller = new CancellationTokenSource();
        var gone = _keys.Get(Wrapped("a"), caller.Token);
        var stays = Get("a");
        await _wrapper.Asked(1);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _wrapper.Answer("a", Key(1));
        Assert.Equal(Key(1), (await stays).Bytes.ToArray());
        Assert.Equal(1, _wrapper.Calls);
    }

    [Fact]
    public async Task What_everybody_has_left_is_kept_for_the_next_one()
    {
        using var caller = new CancellationTokenSource();
        var gone = _keys.Get(Wrapped("a"), caller.Token);
        await _wrapper.Asked(1);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        var next = Get("a");

        _wrapper.Answer("a", Key(1));

        Assert.Equal(Key(1), (await next).Bytes.ToArray());
        Assert.Equal(1, _wrapper.Calls);
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_wait_and_not_to_the_next_one()
    {
        var (first, second) = (Get("a"), Get("a"));
        await _wrapper.Asked(1);
        _wrapper.Fail("a", new StoreUnavailableException("scripted"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => first);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => second);
        var third = Get("a");
        await _wrapper.Asked(2);
        _wrapper.Answer("a", Key(1));
        Assert.Equal(Key(1), (await third).Bytes.ToArray());
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_in_time_is_an_outage()
    {
        var waiting = Get("a");
        await _wrapper.Asked(1);

        _time.Advance(UnwrappedKeys.Budget);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task What_the_vault_gave_is_zeroed_when_its_time_is_over()
    {
        var key = Key(1);
        var asking = Get("a");
        await _wrapper.Asked(1);
        _wrapper.Answer("a", key);
        (await asking).Dispose();
        (await Get("a")).Dispose();
        Assert.Equal((1, Key(1)[0]), (_wrapper.Calls, key[0]));

        _time.Advance(KeptKeys<string>.Life);
        var again = Get("a");
        await _wrapper.Asked(2);

        Assert.Equal(new byte[32], key);
        _wrapper.Answer("a", Key(1));
        (await again).Dispose();
    }

    [Fact]
    public async Task All_is_zeroed_at_the_end()
    {
        var key = Key(1);
        var asking = Get("a");
        await _wrapper.Asked(1);
        _wrapper.Answer("a", key);
        (await asking).Dispose();

        _keys.Dispose();

        Assert.Equal(new byte[32], key);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public async Task What_is_no_key_of_ours_is_refused(int length)
    {
        var asking = Get("a");
        await _wrapper.Asked(1);
        _wrapper.Answer("a", new byte[length]);

        await Assert.ThrowsAsync<EnvelopeException>(() => asking);
    }

    [Fact]
    public async Task The_same_bytes_of_another_version_are_another_key()
    {
        var asking = Get("a");
        await _wrapper.Asked(1);
        _wrapper.Answer("a", Key(1));
        (await asking).Dispose();

        var other = _keys.Get(Wrapped("a") with { KeyId = "other" }, default);
        await _wrapper.Asked(2);
        _wrapper.Fail("a", new EnvelopeException("scripted"));

        await Assert.ThrowsAsync<EnvelopeException>(() => other);
    }

    private static byte[] Key(byte first) => TestSecrets.Counting(32, first);

    private static WrappedKey Wrapped(string name) => new("key", System.Text.Encoding.UTF8.GetBytes(name));

    private Task<OpenKey> Get(string name) => _keys.Get(Wrapped(name), default);

    /// <summary>Answers when the test says so.</summary>
    private sealed class GatedWrapper : IKeyWrapper
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, TaskCompletionSource<byte[]>> _pending = [];

        public int Calls { get; private set; }

        public Task Asked(int calls) => Eventually.True(() => Calls == calls, $"{calls} calls");

        public void Answer(string name, byte[] key) => Take(name).SetResult(key);

        public void Fail(string name, Exception exception) => Take(name).SetException(exception);

        public Task<byte[]> Unwrap(WrappedKey wrapped, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
                _pending[System.Text.Encoding.UTF8.GetString(wrapped.Bytes)] = answer;
                Calls++;
                return answer.Task.WaitAsync(cancellationToken);
            }
        }

        public ValueTask<string> CurrentKeyId(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<WrappedKey> Wrap(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => throw new NotSupportedException();

        private TaskCompletionSource<byte[]> Take(string name)
        {
            lock (_gate)
            {
                return _pending[name];
            }
        }
    }
}
