using Vorel.Core.Security.ApiKeys;

namespace Vorel.Core.Tests.Security.ApiKeys;

public sealed class ApiKeyTests
{
    private const string Key = "vapk_live_0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Generates_keys_in_the_one_form_never_twice()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeyFormat.Generate()).ToArray();
        Assert.All(keys, key => Assert.Matches("^vapk_live_[0-9a-f]{48}$", key));
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Looks_a_key_up_by_its_first_22_characters()
    {
        Assert.True(ApiKeyFormat.TryGetLookupPrefix(Key, out var prefix));
        Assert.Equal("vapk_live_0123456789ab", prefix);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vapk_live_")]
    [InlineData("vapk_test_0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("VAPK_LIVE_0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("vapk_live_0123456789ABCDEF0123456789abcdef0123456789abcdef")]
    [InlineData("vapk_live_0123456789abcdef0123456789abcdef0123456789abcde")]
    [InlineData("vapk_live_0123456789abcdef0123456789abcdef0123456789abcdef0")]
    [InlineData(" vapk_live_0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("vapk_live_0123456789abcdef0123456789abcdef0123456789abcdeg")]
    [InlineData("vapk_live_０123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("vapk_live_0123456789abcdef0123456789abcdef0123456789abcde\n")]
    public void Refuses_every_other_spelling(string? key)
    {
        Assert.False(ApiKeyFormat.TryGetLookupPrefix(key, out var prefix));
        Assert.Null(prefix);
    }

    [Fact]
    public void Hashes_the_whole_key_with_the_pepper() =>
        // Computed with Node's crypto: see known-answers.mjs.
        Assert.Equal(
            "ae677976ed1e503a66cf1d09ee96f3c1f8a111ba02bb3a529c2af514ee2c4baf",
            Convert.ToHexStringLower(new ApiKeyHasher(TestSecrets.Root()).Hash(Key)));

    [Fact]
    public void Tells_equal_hashes_from_others()
    {
        var hasher = new ApiKeyHasher(TestSecrets.Root());
        Assert.True(ApiKeyHasher.Equal(hasher.Hash(Key), hasher.Hash(Key)));
        Assert.False(ApiKeyHasher.Equal(hasher.Hash(Key), hasher.Hash(Key[..^1] + "0")));
        Assert.False(ApiKeyHasher.Equal(hasher.Hash(Key), new ApiKeyHasher(TestSecrets.Root(first: 1)).Hash(Key)));
        Assert.False(ApiKeyHasher.Equal(hasher.Hash(Key), []));
    }
}
