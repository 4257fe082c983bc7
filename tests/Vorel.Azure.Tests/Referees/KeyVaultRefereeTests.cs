using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure;
using Vorel.Azure.KeyVault;

namespace Vorel.Azure.Tests.Referees;

/// <summary>One vault, two clients of different make: what the one wrapped the other unwraps.</summary>
[Trait("Area", "host")]
public sealed class KeyVaultRefereeTests(KeyVaultReferee referee) : IClassFixture<KeyVaultReferee>
{
    public static TheoryData<int, string?> SizesAndVersions { get; } = new()
    {
        { 2048, null },
        { 2048, "7.4" },
        { 3072, null },
        { 4096, "7.4" },
    };

    [Theory]
    [MemberData(nameof(SizesAndVersions))]
    public async Task What_one_wraps_the_other_unwraps(int size, string? apiVersion)
    {
        var ours = referee.Stage.Keys().GetCryptographyClient("k", referee.Stage.Vault.Keys.Add("k", size));
        var key = RandomNumberGenerator.GetBytes(32);

        var wrapped = await ours.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, key);
        Assert.Equal(key, await referee.Unwrap(ours.KeyId, wrapped.EncryptedKey, apiVersion));

        var theirs = await referee.Wrap(ours.KeyId, key, apiVersion);
        Assert.Equal(key, (await ours.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, theirs)).Key);
    }

    [Fact]
    public async Task Both_are_told_the_same_of_a_key()
    {
        var stage = referee.Stage;
        var old = stage.Vault.Keys.Add("two");
        var newest = stage.Vault.Keys.Add("two", 3072);
        var keys = stage.Keys();

        var theirs = await referee.Call("get", new JsonObject { ["name"] = "two" });
        Assert.Equal((newest, 3072, "RSA"), (theirs!["version"]!.GetValue<string>(), theirs["bits"]!.GetValue<int>(), theirs["type"]!.GetValue<string>()));
        Assert.Equal(theirs["id"]!.GetValue<string>(), (await keys.GetKeyAsync("two")).Id.ToString());

        stage.Vault.Keys.Enable("two", old, enabled: false);
        theirs = await referee.Call("get", new JsonObject { ["name"] = "two", ["version"] = old });
        Assert.Equal((theirs!["id"]!.GetValue<string>(), theirs["enabled"]!.GetValue<bool>()), ((await keys.GetKeyAsync("two", old)).Id.ToString(), false));
        Assert.False((await keys.GetKeyAsync("two", old)).Enabled);
    }

    [Fact]
    public async Task Both_answer_the_challenge_alike()
    {
        var stage = referee.Stage;
        var version = stage.Vault.Keys.Add("c");
        await referee.Call("get", new JsonObject { ["name"] = "c" });
        await stage.Keys().GetKeyAsync("c");

        var asked = (await referee.Call("asked", []))!.AsArray()[^1]!;
        Assert.Equal(stage.Tokens.Last.Scopes, asked["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        Assert.Equal(stage.Tokens.Last.TenantId, asked["tenantId"]!.GetValue<string>());
        Assert.NotEmpty(version);
        Assert.All(stage.Vault.Calls.Where(call => !call.HasToken), call => Assert.False(call.HasBody));
    }

    [Fact]
    public async Task Both_are_refused_alike()
    {
        var stage = referee.Stage;
        var version = stage.Vault.Keys.Add("r");
        var ours = stage.Keys().GetCryptographyClient("r", version);
        var wrapped = (await ours.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, new byte[32])).EncryptedKey;
        await AssertBoth(400, "BadParameter", new byte[256]);

        stage.Vault.Keys.Enable("r", version, enabled: false);
        await AssertBoth(403, null, wrapped);

        stage.Vault.Keys.Delete("r", version);
        await AssertBoth(404, "KeyNotFound", wrapped);

        async Task AssertBoth(int status, string? code, byte[] value)
        {
            var mine = await Assert.ThrowsAsync<RequestFailedException>(() => ours.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, value));
            var theirs = await Assert.ThrowsAsync<RefereeException>(() => referee.Unwrap(ours.KeyId, value));
            Assert.Equal((status, status), (mine.Status, theirs.Status));
            Assert.True(code is null || (mine.ErrorCode, theirs.Code) == (code, code), $"{mine.ErrorCode} {theirs.Code}");
        }
    }
}
