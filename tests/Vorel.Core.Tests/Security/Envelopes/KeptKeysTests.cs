using Vorel.Core.Security.Envelopes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Security.Envelopes;

public sealed class KeptKeysTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeptKeys<string> _keys;

    public KeptKeysTests() => _keys = new KeptKeys<string>(_time);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_key_is_given_out_as_copies_that_are_zeroed_after_use()
    {
        var key = NewKey();
        byte[] seen;
        using (var copy = _keys.Keep("a", key))
        {
            seen = copy.Bytes.ToArray();
        }

        Assert.Equal(key, seen);
        using var again = _keys.Find("a");
        Assert.Equal(seen, again!.Bytes.ToArray());
        again.Dispose();
        Assert.Equal(new byte[32], again.Bytes.ToArray());
        Assert.Equal(seen, key);
    }

    [Fact]
    public void A_key_is_zeroed_when_it_is_too_old_even_if_only_another_is_asked_for()
    {
        var key = NewKey();
        using var inUse = _keys.Keep("a", key);
        var expected = key.ToArray();

        _time.Advance(KeptKeys<string>.Life);

        Assert.Null(_keys.Find("b"));
        Assert.Equal(new byte[32], key);
        Assert.Equal(expected, inUse.Bytes.ToArray());
        Assert.Null(_keys.Find("a"));
    }

    [Fact]
    public void A_key_lives_no_longer_when_the_time_of_day_is_set_back()
    {
        var key = NewKey();
        _keys.Keep("a", key).Dispose();

        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(KeptKeys<string>.Life);

        Assert.Null(_keys.Find("a"));
        Assert.Equal(new byte[32], key);
    }

    [Fact]
    public void A_key_is_zeroed_when_another_takes_its_place()
    {
        var (first, second) = (NewKey(), NewKey());
        _keys.Keep("a", first).Dispose();
        _keys.Keep("a", second).Dispose();

        Assert.Equal(new byte[32], first);
        Assert.NotEqual(new byte[32], second);
    }

    [Fact]
    public void A_thousand_are_kept_and_then_the_oldest_is_let_go_zeroed()
    {
        var keys = Enumerable.Range(0, 1001).Select(_ => NewKey()).ToList();
        for (var number = 0; number < 1000; number++)
        {
            _keys.Keep($"{number}", keys[number]).Dispose();
        }

        Assert.All(keys, key => Assert.NotEqual(new byte[32], key));

        // Kept again, the first is the youngest.
        keys.Add(NewKey());
        _keys.Keep("0", keys[^1]).Dispose();
        _keys.Keep("1000", keys[1000]).Dispose();

        Assert.Equal(new byte[32], keys[1]);
        Assert.All(keys.Skip(2), key => Assert.NotEqual(new byte[32], key));
        Assert.Null(_keys.Find("1"));
    }

    [Fact]
    public void All_are_zeroed_at_the_end_and_none_is_kept_after_it()
    {
        var (before, after) = (NewKey(), NewKey());
        _keys.Keep("a", before).Dispose();

        _keys.Dispose();
        using var copy = _keys.Keep("b", after);

        Assert.Equal(new byte[32], before);
        Assert.Equal(new byte[32], after);
        Assert.NotEqual(new byte[32], copy.Bytes.ToArray());
        Assert.Null(_keys.Find("b"));
    }

    private static byte[] NewKey()
    {
        var key = new byte[32];
        Random.Shared.NextBytes(key);
        key[0] = 1;
        return key;
    }
}
