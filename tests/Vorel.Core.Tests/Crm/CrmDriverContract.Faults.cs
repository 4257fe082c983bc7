using Vorel.Core.Crm;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm;

/// <summary>What a driver makes of a provider that fails, refuses, stalls or talks nonsense.</summary>
public abstract partial class CrmDriverContract
{
    private IEnumerable<Func<Task>> All => Driver.Capabilities.CanRead ? Writes(Driver).Concat(Reads(Driver)) : Writes(Driver);

    [Theory]
    [InlineData(403, false, CrmErrorCode.AuthError, CrmErrorCode.InsufficientScope)]
    [InlineData(404, false, CrmErrorCode.NotFound, CrmErrorCode.NotFound)]
    [InlineData(409, false, CrmErrorCode.Conflict, CrmErrorCode.Conflict)]
    [InlineData(413, false, CrmErrorCode.ValidationError, CrmErrorCode.ValidationError)]
    [InlineData(418, false, CrmErrorCode.ProviderError, CrmErrorCode.ProviderError)]
    [InlineData(302, true, CrmErrorCode.ProviderError, CrmErrorCode.ProviderError)]
    [InlineData(429, true, CrmErrorCode.RateLimited, CrmErrorCode.RateLimited)]
    [InlineData(500, true, CrmErrorCode.ProviderUnavailable, CrmErrorCode.ProviderUnavailable)]
    [InlineData(502, true, CrmErrorCode.ProviderUnavailable, CrmErrorCode.ProviderUnavailable)]
    [InlineData(503, true, CrmErrorCode.ProviderUnavailable, CrmErrorCode.ProviderUnavailable)]
    [InlineData(504, true, CrmErrorCode.ProviderUnavailable, CrmErrorCode.ProviderUnavailable)]
    public async Task A_create_reports_a_status_by_its_meaning_and_repeats_nothing_of_the_answer(int status, bool retryable, CrmErrorCode code, CrmErrorCode orCode)
    {
        Stage.Front.Standing = FrontFault.Answer(status);
        var exception = await Fails(() => Create("key-1", Canary));
        Assert.Equal(retryable, exception.Retryable);
        Assert.Contains(exception.Code, new[] { code, orCode });
        Assert.Equal(0, Stage.Front.Passed);
    }

    [Fact]
    public async Task Every_verb_hands_on_how_long_the_provider_wants_to_be_left_alone_after_one_call()
    {
        Stage.Front.Standing = FrontFault.Answer(429, retryAfter: 30);
        foreach (var call in All)
        {
            var requests = Stage.Front.Requests;
            var exception = await Fails(call);
            Assert.Equal((CrmErrorCode.RateLimited, true, TimeSpan.FromSeconds(30)), (exception.Code, exception.Retryable, exception.RetryAfter));
            Assert.Equal(requests + 1, Stage.Front.Requests);
        }
    }

    [Fact]
    public async Task Every_verb_reports_an_absence_as_retryable()
    {
        foreach (var fault in new[] { FrontFault.Answer(500), FrontFault.Reset })
        {
            Stage.Front.Standing = fault;
            foreach (var call in All.Take(3))
            {
                var exception = await Fails(call);
                Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (exception.Code, exception.Retryable));
            }
        }
    }

    [Theory]
    [InlineData("text/html", "<html>It works!</html>", 0)]
    [InlineData("application/json", "<html>It works!</html>", 0)]
    [InlineData("application/json", "{\"id\":\"1\",\"results\":[", 0)]
    [InlineData("application/json", "[[[[[[[[", 100_000)]
    [InlineData("application/json", "null", 0)]
    [InlineData("application/json", "{\"id\":{},\"results\":{}}", 0)]
    [InlineData("application/json", " ", 5_000_000)]
    public async Task A_success_that_is_none_is_an_error_that_a_retry_may_mend(string type, string text, int atLeast)
    {
        Stage.Front.Standing = FrontFault.Text(200, text, type) with { AtLeast = atLeast };
        foreach (var call in All.Take(2))
        {
            var exception = await Fails(call);
            Assert.Equal((CrmErrorCode.ProviderError, true), (exception.Code, exception.Retryable));
        }
    }

    [Fact]
    public async Task Gives_up_on_a_provider_that_hangs()
    {
        Stage.Front.Standing = FrontFault.Hang;
        foreach (var call in Writes(Driver))
        {
            var requests = Stage.Front.Requests;
            var calling = Fails(call);
            while (!calling.IsCompleted)
            {
                await Eventually.True(() => calling.IsCompleted || Stage.Front.Requests > requests, "it gives up or tries again");
                requests = Stage.Front.Requests;
                Stage.Clock.Advance(TimeSpan.FromSeconds(10));
            }

            var exception = await calling;
            Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (exception.Code, exception.Retryable));
        }
    }

    [Fact]
    public async Task Lets_the_cancellation_of_its_caller_through()
    {
        Stage.Front.Standing = FrontFault.Hang;
        using var cancel = new CancellationTokenSource();
        var calling = Driver.CreateRecord(CrmObject.Lead, Fields("a"), "key-1", cancel.Token);
        await Eventually.True(() => Stage.Front.Requests > 0, "the request arrives");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_and_the_call_repeated_once()
    {
        if (Stage.Tokens is not { } tokens)
        {
            return;
        }

        Stage.Front.Next(FrontFault.Answer(401));
        var reference = await Create("key-1", "a");
        Assert.Contains("a", Stage.TextOf(reference.ExternalId), StringComparison.Ordinal);
        Assert.Equal(1, tokens.Refreshes);
    }

    [Fact]
    public async Task A_token_that_is_refused_twice_is_an_auth_error_after_two_calls()
    {
        if (Stage.Tokens is not { } tokens)
        {
            return;
        }

        Stage.Front.Standing = FrontFault.Answer(401);
        var exception = await Fails(() => Create("key-1", Canary));
        Assert.Equal((CrmErrorCode.AuthError, false), (exception.Code, exception.Retryable));
        Assert.Equal((1, 2), (tokens.Refreshes, Stage.Front.Requests));
    }

    [Theory]
    [InlineData(CrmErrorCode.RefreshFailed, false)]
    [InlineData(CrmErrorCode.ProviderUnavailable, true)]
    public async Task A_token_that_cannot_be_replaced_ends_the_call_as_it_says(CrmErrorCode code, bool retryable)
    {
        if (Stage.Tokens is not { } tokens)
        {
            return;
        }

        tokens.Failure = new CrmException(code, "No token.", retryable);
        Stage.Front.Standing = FrontFault.Answer(401);
        Assert.Same(tokens.Failure, await Fails(() => Create("key-1", Canary)));
        Assert.Equal((1, 1), (tokens.Asked, Stage.Front.Requests));
    }

    [Fact]
    public async Task Fifty_calls_whose_token_is_refused_replace_it_once()
    {
        if (Stage.Tokens is not { } tokens)
        {
            return;
        }

        var allThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var call = 0; call < 50; call++)
        {
            Stage.Front.Next(FrontFault.Answer(401) with { Until = allThere.Task });
        }

        var calls = Task.WhenAll(Enumerable.Range(0, 50).Select(call => Stage.Open().TestConnection(default)));
        await Eventually.True(() => Stage.Front.Requests == 50, "all have called with the first token");
        allThere.SetResult();
        await calls;
        Assert.Equal((1, 50, 100), (tokens.Refreshes, tokens.Asked, Stage.Front.Requests));
    }
}
