using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Time;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.Credentials;

/// <summary>An access token that is refused is renewed once, whoever is refused with it, and what the provider gave out is kept.</summary>
public sealed class TokenRefreshTests
{
    [Fact]
    public async Task Fifty_calls_in_three_processes_that_are_refused_at_once_ask_the_provider_once()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = true;
        var clocks = new Clocks(TimeProvider.System, TimeProvider.System);
        var tokens = new List<IAccessTokens>();
        for (var process = 0; process < 3; process++)
        {
            var refresh = stage.World.NewTokens(stage.World.Store.Inner, clocks);
            for (var call = 0; call < 17; call++)
            {
                tokens.Add(await stage.OpenIn(refresh));
            }
        }

        var all = new TaskCompletionSource();
        stage.Renewal.Before = (_, _) => all.Task;
        var calls = tokens.Take(50).Select(one => Task.Run(async () => await one.Refresh(await one.Get(default), default))).ToList();
        await Eventually.True(async () => stage.Renewal.Calls > 0 && await stage.Lease() is not null, "somebody asked the provider");
        all.SetResult();

        Assert.All(await Task.WhenAll(calls), token => Assert.Equal(("access-1", 2L), (token.Value, token.Version)));
        Assert.Equal(1, stage.Renewal.Calls);
        Assert.Equal(("access-1", "refresh-1", 2L), await stage.Sealed());
        Assert.Equal(1, stage.Audited(AuditAction.CredentialRefreshed));
    }

    [Theory]
    [InlineData(true, "refresh-1")]
    [InlineData(false, "refresh-0")]
    public async Task A_refresh_token_that_comes_is_stored_with_the_access_token_and_where_none_comes_the_old_one_stays(bool rotates, string kept)
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = rotates;
        stage.Renewal.Lifetime = TimeSpan.FromMinutes(30);
        var writes = 0;
        stage.World.Store.BeforeCommit = (table, _, _) =>
        {
            writes += table == CredentialRow.Table ? 1 : 0;
            return Task.CompletedTask;
        };
        var tokens = await stage.Open();
        var renewed = await tokens.Refresh(await tokens.Get(default), default);

        Assert.Equal(("access-1", kept, 2L), await stage.Sealed());
        Assert.Equal(1, writes);
        var row = (await stage.Stored()).Row;
        Assert.Equal((stage.World.Real.GetUtcNow().AddMinutes(30), stage.World.Domain.GetUtcNow()), (row.ExpiresAt, row.RotatedAt));
        Assert.Equal(renewed, await tokens.Get(default));
        Assert.Equal(renewed, await (await stage.Open()).Get(default));
        Assert.Equal(1, stage.Renewal.Calls);

        await tokens.Refresh(renewed, default);
        Assert.Equal(2, stage.Renewal.Calls);
    }

    [Fact]
    public async Task Who_is_refused_with_a_token_that_was_renewed_since_gets_the_present_one()
    {
        var stage = await TokenStage.Start();
        var (one, other) = (await stage.Open(), await stage.OpenIn(stage.World.NewTokens()));
        var (used, alsoUsed) = (await one.Get(default), await other.Get(default));
        var renewed = await one.Refresh(used, default);
        Assert.Equal(renewed, await other.Refresh(alsoUsed, default));
        Assert.Equal(1, stage.Renewal.Calls);
    }

    [Fact]
    public async Task A_caller_who_goes_away_ends_nobody_elses_refresh()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = true;
        var answer = new TaskCompletionSource();
        stage.Renewal.Before = (_, _) => answer.Task;
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        using var impatient = new CancellationTokenSource();
        var (gone, waiting) = (tokens.Refresh(used, impatient.Token), tokens.Refresh(used, default));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        answer.SetResult();
        Assert.Equal("access-1", (await waiting).Value);
        Assert.Equal(1, stage.Renewal.Calls);
    }

    [Fact]
    public async Task What_the_provider_gave_out_is_stored_when_nobody_waits_for_it_any_more()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = true;
        var answer = new TaskCompletionSource();
        stage.Renewal.After = _ => answer.Task;
        var tokens = await stage.Open();
        using var impatient = new CancellationTokenSource();
        var gone = tokens.Refresh(await tokens.Get(default), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        answer.SetResult();
        await Eventually.True(async () => await stage.Sealed() == ("access-1", "refresh-1", 2L), "the tokens were stored");
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_given_ten_seconds_and_the_lease_is_free_after_that()
    {
        var stage = await TokenStage.Start();
        var never = new TaskCompletionSource();
        stage.Renewal.Before = (call, _) => call == 1 ? never.Task : Task.CompletedTask;
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        var refresh = tokens.Refresh(used, default);
        stage.World.Real.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(refresh.IsCompleted);
        stage.World.Real.Advance(TimeSpan.FromSeconds(0.1));
        var failure = await Assert.ThrowsAsync<CrmException>(() => refresh);
        Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (failure.Code, failure.Retryable));
        Assert.Null((await stage.Stored()).Row.Failure);

        Assert.Equal("access-2", (await (await stage.OpenIn(stage.World.NewTokens())).Refresh(used, default)).Value);
    }

    [Fact]
    public async Task A_provider_that_is_away_says_nothing_about_the_credential()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Before = (_, _) => throw new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true);
        var tokens = await stage.Open();
        await Assert.ThrowsAsync<CrmException>(async () => await tokens.Refresh(await tokens.Get(default), default));
        Assert.Null((await stage.Stored()).Row.Failure);
        Assert.Equal(0, stage.Audited(AuditAction.CredentialRefreshFailed) + stage.Audited(AuditAction.CredentialRefreshed));
    }

    [Fact]
    public async Task A_renewal_meanwhile_put_beside_other_changes_of_the_credential_keeps_both()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Rotates = true;
        var old = stage.Credential;
        stage.Renewal.After = async _ =>
        {
            stage.Renewal.After = null;
            var good = stage.Renewal.Good;
            await stage.SignIn("anew");
            stage.Renewal.Good = good;
        };
        var tokens = await stage.Open();
        Assert.Equal("access-1", (await tokens.Refresh(await tokens.Get(default), default)).Value);
        Assert.Equal(CredentialStatus.Retiring, (await stage.Stored(old)).Row.Status);
        Assert.Equal(("access-1", "refresh-1", 2L), await stage.Sealed(old));
        Assert.Equal(("access-anew", "refresh-anew", 1L), await stage.Sealed());
    }

    [Fact]
    public async Task What_was_revoked_meanwhile_stays_empty()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.After = _ => stage.Connecting.Disconnect(stage.World.Tenant, Core.Crm.Connections.CrmRole.Main, AuditActor.System, default);
        var tokens = await stage.Open();
        var failure = await Assert.ThrowsAsync<CrmException>(async () => await tokens.Refresh(await tokens.Get(default), default));
        Assert.Equal((CrmErrorCode.AuthError, true), (failure.Code, failure.Retryable));
        Assert.Empty((await stage.Stored()).Row.Sealed);
        failure = await Assert.ThrowsAsync<CrmException>(async () => await tokens.Refresh(await tokens.Get(default), default));
        Assert.Equal((CrmErrorCode.AuthError, 1), (failure.Code, stage.Renewal.Calls));
    }

    [Theory]
    [InlineData(61, 0)]
    [InlineData(60, 1)]
    [InlineData(1, 1)]
    [InlineData(-5, 1)]
    public async Task A_token_that_is_over_within_a_minute_is_renewed_before_the_call(int secondsLeft, int renewals)
    {
        var stage = await TokenStage.Start(lifetime: TimeSpan.FromSeconds(1000));
        stage.Renewal.Lifetime = TimeSpan.FromHours(1);
        stage.World.Real.Advance(TimeSpan.FromSeconds(1000 - secondsLeft));
        var tokens = await stage.Open();
        var token = await tokens.Get(default);
        Assert.Equal(renewals, stage.Renewal.Calls);
        Assert.Equal($"access-{renewals}", token.Value);
        Assert.Equal(token, await tokens.Get(default));
        Assert.Equal(renewals, stage.Renewal.Calls);
    }

    [Fact]
    public async Task While_the_provider_is_away_a_token_serves_as_long_as_it_lasts()
    {
        var stage = await TokenStage.Start(lifetime: TimeSpan.FromSeconds(30));
        stage.Renewal.Before = (_, _) => throw new CrmException(CrmErrorCode.ProviderUnavailable, "down", retryable: true);
        var tokens = await stage.Open();
        Assert.Equal("access-0", (await tokens.Get(default)).Value);
        stage.World.Real.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(CrmErrorCode.ProviderUnavailable, (await Assert.ThrowsAsync<CrmException>(async () => await tokens.Get(default))).Code);
    }

    [Fact]
    public async Task Client_credentials_get_their_first_token_with_the_first_call_and_one_more_when_it_is_refused()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Good = null;
        stage.Renewal.Lifetime = TimeSpan.FromHours(1);
        await stage.Connect(TokenProviders.Exchanging, """{"client_id":"c","client_secret":"s"}""");
        var tokens = await stage.Open();
        Assert.Equal((null, null, 0L), await stage.Sealed());
        var first = await tokens.Get(default);
        Assert.Equal(("access-1", 1L), (first.Value, first.Version));
        Assert.Equal(first, await (await stage.Open()).Get(default));
        Assert.Equal("access-2", (await tokens.Refresh(first, default)).Value);
        Assert.Equal(("access-2", null, 2L), await stage.Sealed());
    }
}
