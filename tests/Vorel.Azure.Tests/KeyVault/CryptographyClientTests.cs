using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Security.Cryptography;
using Azure;
using Azure.Core.Diagnostics;
using Vorel.Azure.KeyVault;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Azure.Tests.KeyVault;

public sealed class CryptographyClientTests : IAsyncLifetime
{
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);

    private readonly VaultStage _stage = new();

    public Task InitializeAsync() => _stage.Vault.Start();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task A_key_comes_back_as_it_was()
    {
        var client = _stage.NewKey();

        var wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);
        var unwrapped = await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);

        Assert.Equal(s_key, unwrapped.Key);
        Assert.Equal((client.KeyId, client.KeyId), (wrapped.KeyId, unwrapped.KeyId));
        Assert.DoesNotContain("32", unwrapped.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public async Task A_wrapped_key_is_as_long_as_the_vaults(int size)
    {
        var client = _stage.Keys().GetCryptographyClient("other", _stage.Vault.Keys.Add("other", size));

        Assert.Equal(size / 8, (await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key)).EncryptedKey.Length);
    }

    [Fact]
    public async Task The_first_call_shows_neither_token_nor_body_and_the_next_ones_are_not_challenged()
    {
        var client = _stage.NewKey();
        await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);
        await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);

        Assert.Equal([(false, false), (true, true), (true, true)], _stage.Vault.Calls.Select(call => (call.HasToken, call.HasBody)));
        Assert.Equal(1, _stage.Tokens.Count);
        Assert.Equal(["https://vault.azure.net/.default"], _stage.Tokens.Last.Scopes);
        Assert.Equal(VaultAccess.Tenant, _stage.Tokens.Last.TenantId);
    }

    [Fact]
    public async Task The_clients_of_a_vault_share_the_challenge_and_the_token()
    {
        var keys = _stage.Keys();
        foreach (var version in new[] { _stage.Vault.Keys.Add("a"), _stage.Vault.Keys.Add("a") })
        {
            await keys.GetCryptographyClient("a", version).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);
            Assert.Equal(version, (await keys.GetKeyAsync("a", version)).Id.Version);
        }

        Assert.Equal(1, _stage.Vault.Calls.Count(call => !call.HasToken));
        Assert.Equal(1, _stage.Tokens.Count);
    }

    [Fact]
    public async Task A_token_that_ends_before_its_time_is_replaced_and_the_call_repeated()
    {
        var client = _stage.NewKey();
        await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);
        _stage.Vault.Faults.Enqueue(new VaultFault(VaultFaultKind.ExpireToken));

        await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);

        Assert.Equal(2, _stage.Tokens.Count);
        Assert.Equal(3, _stage.Vault.Count("wrapkey"));
    }

    [Fact]
    public async Task A_token_that_is_about_to_end_is_not_shown_again()
    {
        var client = _stage.NewKey();
        _stage.Tokens.Life = TimeSpan.FromMinutes(1);
        await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);
        await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);

        Assert.Equal(2, _stage.Tokens.Count);
        Assert.Equal(1, _stage.Vault.Calls.Count(call => !call.HasToken));
    }

    [Fact]
    public async Task Who_is_refused_with_a_new_token_too_is_refused()
    {
        var client = _stage.NewKey();
        _stage.Vault.Standing = new VaultFault(VaultFaultKind.ExpireToken);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));

        Assert.Equal((401, "Unauthorized"), (refused.Status, refused.ErrorCode));
        Assert.Equal(1, _stage.Vault.Count("wrapkey"));
    }

    [Theory]
    [InlineData("https://vault.azure.net.evil.example")]
    [InlineData("https://management.azure.com")]
    [InlineData("https://graph.microsoft.com")]
    [InlineData("http://vault.azure.net")]
    [InlineData("https://vault.azure.net@evil.example")]
    [InlineData("https://vault.azure.net:444")]
    [InlineData("https://vault.azure.net/path")]
    [InlineData("vault.azure.net")]
    [InlineData("")]
    public async Task No_token_is_asked_for_that_is_not_for_the_vaults_own_domain(string resource)
    {
        var client = _stage.NewKey();
        _stage.Vault.Access.Resource = resource;

        await Assert.ThrowsAsync<RequestFailedException>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));

        Assert.Equal(0, _stage.Tokens.Count);
        Assert.All(_stage.Vault.Calls, call => Assert.False(call.HasToken || call.HasBody));
    }

    [Theory]
    [InlineData("Bearer authorization=\"https://login.microsoftonline.com/t\", scope=\"{0}/.default\"")]
    [InlineData("bearer  authorization_uri=\"https://login.microsoftonline.com/t\",resource=\"{0}/\"")]
    [InlineData("Bearer resource=\"{0}\"")]
    public async Task Every_wording_of_the_challenge_is_understood(string challenge)
    {
        _stage.Vault.Access.Challenge = challenge;

        await _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);

        Assert.Equal(["https://vault.azure.net/.default"], _stage.Tokens.Last.Scopes);
    }

    [Theory]
    [InlineData("Basic realm=\"{0}\"")]
    [InlineData("Bearer")]
    [InlineData("Bearer resource=\"{0}\", resource=\"https://evil.example\"")]
    public async Task What_is_no_challenge_gets_no_token(string challenge)
    {
        _stage.Vault.Access.Challenge = challenge;

        Assert.Equal(401, (await Assert.ThrowsAsync<RequestFailedException>(() => _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key))).Status);
        Assert.Equal(0, _stage.Tokens.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_throttled_call_waits_as_long_as_it_is_told_to(int status)
    {
        _stage.Vault.Faults.Enqueue(VaultFault.Answer(status, retryAfter: 1));

        await _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);

        var calls = _stage.Vault.Calls.Where(call => call.HasToken).ToArray();
        Assert.InRange(calls[1].At - calls[0].At, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_outage_is_met_four_times_and_told(int status)
    {
        _stage.Vault.Standing = VaultFault.Answer(status);

        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));

        Assert.Equal((status, 4), (failed.Status, _stage.Vault.Count("wrapkey")));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_tried_again()
    {
        _stage.Vault.Faults.Enqueue(new VaultFault(VaultFaultKind.Reset));

        await _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);

        Assert.Equal(2, _stage.Vault.Count("wrapkey"));
    }

    [Fact]
    public async Task A_vault_that_is_slow_is_given_up()
    {
        _stage.Vault.Standing = new VaultFault(VaultFaultKind.Hang);
        var client = _stage.Keys(options =>
        {
            options.Retry.NetworkTimeout = TimeSpan.FromMilliseconds(200);
            options.Retry.MaxRetries = 1;
        }).GetCryptographyClient(VaultStage.Name, _stage.Vault.Keys.Add(VaultStage.Name));

        await Assert.ThrowsAnyAsync<Exception>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));

        Assert.Equal(2, _stage.Vault.Count("wrapkey"));
    }

    [Fact]
    public async Task A_caller_who_goes_away_ends_the_call()
    {
        _stage.Vault.Standing = new VaultFault(VaultFaultKind.Hang);
        using var caller = new CancellationTokenSource();
        var wrapping = _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key, caller.Token);
        await Eventually.True(() => _stage.Vault.Count("wrapkey") == 1, "the request arrives");

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wrapping);
    }

    [Fact]
    public async Task A_refusal_says_why_and_is_not_repeated()
    {
        var version = _stage.Vault.Keys.Add(VaultStage.Name);
        var client = _stage.Keys().GetCryptographyClient(VaultStage.Name, version);
        _stage.Vault.Keys.Enable(VaultStage.Name, version, enabled: false);
        Assert.Equal((403, "KeyDisabled"), await Refusal(client));
        Assert.False((await _stage.Keys().GetKeyAsync(VaultStage.Name)).Enabled);

        _stage.Vault.Keys.Delete(VaultStage.Name, version);
        Assert.Equal((404, "KeyNotFound"), await Refusal(client));
        Assert.Equal(2, _stage.Vault.Count("wrapkey"));
    }

    [Theory]
    [InlineData(VaultFaultKind.OtherKey)]
    [InlineData(VaultFaultKind.Nonsense)]
    public async Task An_answer_that_is_not_one_to_the_question_is_not_believed(VaultFaultKind kind)
    {
        var client = _stage.NewKey();
        _stage.Vault.Standing = new VaultFault(kind);

        await Assert.ThrowsAsync<RequestFailedException>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));
        await Assert.ThrowsAsync<RequestFailedException>(() => _stage.Keys().GetKeyAsync(VaultStage.Name));
    }

    [Fact]
    public async Task Bytes_that_were_not_wrapped_with_the_key_do_not_unwrap() =>
        Assert.Equal(400, (await Assert.ThrowsAsync<RequestFailedException>(() => _stage.NewKey().UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, new byte[256]))).Status);

    [Fact]
    public async Task A_token_that_cannot_be_had_is_an_outage_that_says_so()
    {
        _stage.Tokens.Failure = new InvalidOperationException("no identity here");

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => _stage.NewKey().WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));

        Assert.Contains("No token for the vault", failed.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _stage.Vault.Count("wrapkey"));
    }

    [Fact]
    public async Task Nothing_secret_is_in_an_exception_or_a_log()
    {
        var log = new ConcurrentQueue<string>();
        using var listener = new AzureEventSourceListener((_, message) => log.Enqueue(message), EventLevel.LogAlways);
        var client = _stage.NewKey();
        var wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key);
        await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.EncryptedKey);
        _stage.Vault.Standing = VaultFault.Answer(500);

        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));

        var all = failed + string.Join('\n', log);
        Assert.Contains("Request [", all, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", all, StringComparison.Ordinal);
        Assert.DoesNotContain(System.Buffers.Text.Base64Url.EncodeToString(s_key), all, StringComparison.Ordinal);
        Assert.DoesNotContain(System.Buffers.Text.Base64Url.EncodeToString(wrapped.EncryptedKey), all, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string? Code)> Refusal(CryptographyClient client)
    {
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, s_key));
        return (refused.Status, refused.ErrorCode);
    }
}
