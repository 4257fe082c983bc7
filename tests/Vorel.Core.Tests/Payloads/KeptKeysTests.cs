using Vorel.Core.Payloads;
using Vorel.Core.Tenants;
using Vorel.Testing;

namespace Vorel.Core.Tests.Payloads;

public sealed class KeptKeysTests
{
    private const string Table = "Payloads20260105";

    private readonly FakeTimeProvider _time = new();
    private readonly KeptKeys _keys;
    private readonly TenantId _tenant = TenantId.New(TimeProvider.System);

    public KeptKeysTests() => _keys = new KeptKeys(_time);

    [Fact]
    public void A_key_is_given_out_as_copies_that_are_zeroed_after_use()
    {
        var key = NewKey();
        byte[] seen;
        using (var copy = _keys.Keep(Table, _tenant, key))
        {
            seen = copy.Bytes.ToArray();
        }

        Assert.Equal(key, seen);
        using var again = _keys.Find(Table, _tenant);
        Assert.Equal(seen, again!.Bytes.ToArray());
        again.Dispose();
        Assert.Equal(new byte[32], again.Bytes.ToArray());
        Assert.Equal(seen, key);
    }

    [Fact]
    public void A_key_is_zeroed_when_it_is_too_old_even_if_only_another_is_asked_for()
    {
        var key = NewKey();
        using var inUse = _keys.Keep(Table, _tenant, key);
        var expected = key.ToArray();

        _time.Advance(KeptKeys.Life);

        Assert.Null(_keys.Find(Table, TenantId.New(TimeProvider.System)));
        Assert.Equal(new byte[32], key);
        Assert.Equal(expected, inUse.Bytes.ToArray());
        Assert.Null(_keys.Find(Table, _tenant));
    }

    [Fact]
    public void A_key_lives_no_longer_when_the_time_of_day_is_set_back()
    {
        var key = NewKey();
        _keys.Keep(Table, _tenant, key).Dispose();

        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(KeptKeys.Life);

        Assert.Null(_keys.Find(Table, _tenant));
        Assert.Equal(new byte[32], key);
    }

    [Fact]
    public void A_key_is_zeroed_when_another_takes_its_place()
    {
        var (first, second) = (NewKey(), NewKey());
        _keys.Keep(Table, _tenant, first).Dispose();
        _keys.Keep(Table, _tenant, second).Dispose();

        Assert.Equal(new byte[32], first);
        Assert.NotEqual(new byte[32], second);
    }

    [Fact]
    public void A_thousand_are_kept_and_then_all_are_let_go_zeroed()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => NewKey()).ToList();
        keys.ForEach(key => _keys.Keep(Table, TenantId.New(TimeProvider.System), key).Dispose());
        Assert.All(keys, key => Assert.NotEqual(new byte[32], key));

        _keys.Keep(Table, _tenant, NewKey()).Dispose();

        Assert.All(keys, key => Assert.Equal(new byte[32], key));
    }

    private static byte[] NewKey()
    {
        var key = new byte[32];
        Random.Shared.NextBytes(key);
        key[0] = 1;
        return key;
    }
}
