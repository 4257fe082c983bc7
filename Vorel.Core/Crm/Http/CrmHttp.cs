using System.Net.Http.Headers;
using Polly.CircuitBreaker;

namespace Vorel.Core.Crm.Http;

/// <summary>
/// Calls one account at one provider: with its token, within its limits, strictly bounded in time and size. README.md beside this file has the rules.
/// </summary>
internal sealed class CrmHttp(CrmDialect dialect, CrmDriverContext context, CrmDriverServices services)
{
    private const int MaxErrorBytes = 64 * 1024;

    private readonly string _account = context.Account;
    private readonly IAccessTokens? _tokens = context.Tokens;

    /// <summary>What this account shares with all its other callers.</summary>
    public CrmLine Line => services.Lines.Of(dialect.Slug, _account);

    private CrmPatience Patience => services.Lines.Patience;

    /// <summary>Runs all calls of one verb within the time that a verb has.</summary>
    /// <exception cref="CrmException">What <paramref name="verb"/> throws, or the time was over.</exception>
    public async Task<T> Verb<T>(Func<CancellationToken, Task<T>> verb, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience.Verb, services.RealTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await verb(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw CrmNetwork.Timeout(dialect.Name, isRead: false).Failure;
        }
    }

    /// <summary>Makes a call and reads its answer: a 2xx, or a status that the call takes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="read">Reads the answer; may throw <see cref="CrmUnreadableException"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CrmException">Everything else, but the caller's own cancellation.</exception>
    public async Task<T> Send<T>(CrmCall call, Func<CrmAnswer, T> read, CancellationToken cancellationToken)
    {
        var line = Line;
        var refreshed = false;
        try
        {
            var result = await line.Pipeline.ExecuteAsync(Try, cancellationToken);
            Count("ok");
            return result;
        }
        catch (CrmFailure failed)
        {
            Count(failed.Failure.Code.Wire());
            throw failed.Failure;
        }
        catch (CrmException failed)
        {
            // Of the token's making: no try of ours, and nothing that a repeat or a pause of ours would mend.
            Count(failed.Code.Wire());
            throw;
        }
        catch (BrokenCircuitException broken)
        {
            Count("not_called");
            var down = $"{dialect.Name} has not answered for a while and is not called for some seconds.";
            throw new CrmException(CrmErrorCode.ProviderUnavailable, down, retryable: true, broken.RetryAfter ?? Patience.DownFor);
        }

        // Each try begins with the token of then: in a long wait one may run out.
        async ValueTask<T> Try(CancellationToken token)
        {
            await Turn(line, token);
            var used = _tokens is null ? null : await _tokens.Get(token);
            var answer = await Once(call, used, line, token);
            if (used is not null && !refreshed && dialect.RefusesToken(answer))
            {
                refreshed = true;
                answer = await Once(call, await _tokens!.Refresh(used, token), line, token);
            }

            return Judge(call, answer, read);
        }
    }

    private void Count(string outcome) => Metrics.CrmCalls.Add(1, new("provider", dialect.Slug), new("outcome", outcome));

    private async Task Turn(CrmLine line, CancellationToken cancellationToken)
    {
        if (line.Brake.Take(Patience.LongestWait, out var wait) is null)
        {
            var full = $"{dialect.Name} takes no more calls of this account for now.";
            throw new CrmFailure(new CrmException(CrmErrorCode.RateLimited, full, retryable: true, wait), mayRepeat: false, isDown: false);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, services.RealTime, cancellationToken);
        }
    }

    private T Judge<T>(CrmCall call, CrmAnswer answer, Func<CrmAnswer, T> read)
    {
        if (answer.IsSuccess || call.Takes.Contains(answer.Status))
        {
            try
            {
                return read(answer);
            }
            catch (CrmUnreadableException unreadable)
            {
                throw Unreadable(call, unreadable.Message);
            }
        }

        var failure = dialect.ErrorOf(answer);

        // Only what the provider certainly did not begin may be written again: it was one call too many, or it named a time to come again.
        var notBegun = answer.Status == 429 || (answer.Status == 503 && answer.RetryAfter is not null);
        var isDown = answer.Status >= 500 && failure.Code == CrmErrorCode.ProviderUnavailable;
        throw new CrmFailure(
            !call.IsRead && answer.Status >= 500 && !notBegun
                ? new CrmException(failure.Code, failure.Message, failure.Retryable, failure.RetryAfter) { OutcomeUnknown = true }
                : failure,
            mayRepeat: failure.Retryable && (call.IsRead || notBegun),
            isDown);
    }

    private CrmFailure Unreadable(CrmCall call, string what) => new(
        new CrmException(CrmErrorCode.ProviderError, $"The answer of {dialect.Name} cannot be used: {what}.", retryable: true) { OutcomeUnknown = !call.IsRead },
        mayRepeat: call.IsRead,
        isDown: false);

    private async Task<CrmAnswer> Once(CrmCall call, AccessToken? token, CrmLine line, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience.Try, services.RealTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = Write(call, token);
            using var response = await services.Http.SendAsync(request, either.Token);
            line.Brake.Learn(dialect.AllowancesOf(response.Headers));
            return await Read(call, response, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw CrmNetwork.Timeout(dialect.Name, call.IsRead);
        }
        catch (Exception exception) when (exception is not CrmFailure and not CrmException and not OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (CrmNetwork.Of(exception, dialect.Name, call.IsRead) is { } failed)
            {
                throw failed;
            }

            throw;
        }
    }

    private HttpRequestMessage Write(CrmCall call, AccessToken? token)
    {
        var request = new HttpRequestMessage(call.Method, services.Origins.Of(call.Address)) { Headers = { { "User-Agent", "Vorel-CRM/1" }, { "Accept", "application/json" } } };
        if (token is not null)
        {
            // What is no header would be quoted by the exception that refuses it.
            request.Headers.Authorization = token.Value.Length > 0 && !token.Value.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? new AuthenticationHeaderValue(dialect.Scheme, token.Value)
                : throw new CrmException(CrmErrorCode.AuthError, "The stored token is none.", retryable: false);
        }

        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return request;
    }

    private async Task<CrmAnswer> Read(CrmCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var limit = response.IsSuccessStatusCode ? CrmCall.MaxAnswerBytes : MaxErrorBytes;
        var body = await CrmBodies.Read(response.Content, limit, cancellationToken);
        return body.IsWhole || !response.IsSuccessStatusCode
            ? new CrmAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body.Bytes, RetryAfter.Read(response.Headers, services.RealTime))
            : throw Unreadable(call, "it is larger than 4 MiB");
    }
}
