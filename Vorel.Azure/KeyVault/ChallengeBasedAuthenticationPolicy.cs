using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.KeyVault;

/// <summary>
/// Shows a vault the token it asks for. The first call goes without token and without body: its 401 says which token is wanted. That is kept,
/// for this one vault, and the token as well; a later 401 is asked anew, once.
/// </summary>
internal sealed class ChallengeBasedAuthenticationPolicy(Uri vault, TokenCredential credential) : HttpPipelinePolicy
{
    // A token that is about to end could be over when it arrives.
    private static readonly TimeSpan s_reserve = TimeSpan.FromMinutes(2);

    private volatile KeyVaultChallenge? _challenge;
    private volatile Held? _held;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Vaults are called asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (!string.Equals(message.Request.Uri.ToUri().GetLeftPart(UriPartial.Authority), vault.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal))
        {
            throw new InvalidOperationException("A request left the vault that its tokens are for.");
        }

        var shown = _challenge is { } known ? await TokenFor(known, refused: null, message.CancellationToken) : null;
        if (shown is null)
        {
            await Ask(message, pipeline);
        }
        else
        {
            await Send(message, pipeline, shown);
        }

        if (message.Response.Status == 401
            && KeyVaultChallenge.Parse(message.Response.Headers.TryGetValue("WWW-Authenticate", out var header) ? header : null) is { } challenge)
        {
            challenge = challenge.Scope is null ? challenge with { Scope = _challenge?.Scope, TenantId = challenge.TenantId ?? _challenge?.TenantId } : challenge;
            Check(challenge, message.Response.Status);
            _challenge = challenge with { Claims = null };
            var token = await TokenFor(challenge, shown, message.CancellationToken);
            message.Response.Dispose();
            await Send(message, pipeline, token);
        }
    }

    // Nothing of what the call is about is shown to anybody who has not been recognised yet.
    private static async ValueTask Ask(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var content = message.Request.Content;
        var hasType = message.Request.Headers.TryGetValue("Content-Type", out var type);
        message.Request.Content = null;
        message.Request.Headers.Remove("Content-Type");
        message.Request.Headers.Remove("Authorization");
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            message.Request.Content = content;
            if (hasType)
            {
                message.Request.Headers.SetValue("Content-Type", type!);
            }
        }
    }

    private static ValueTask Send(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline, string token)
    {
        message.Request.Headers.SetValue("Authorization", "Bearer " + token);
        return ProcessNextAsync(message, pipeline);
    }

    private void Check(KeyVaultChallenge challenge, int status)
    {
        if (challenge.Resource is not { } resource || !KeyVaultDomains.Owns(vault, resource))
        {
            throw new RequestFailedException(status, "The vault asks for a token that is not one for its own domain. None was asked for.", "ForeignChallenge", innerException: null);
        }
    }

    /// <summary>The kept token; a new one when that is about to end, for something else, or the one that was <paramref name="refused"/>.</summary>
    private async ValueTask<string> TokenFor(KeyVaultChallenge challenge, string? refused, CancellationToken cancellationToken)
    {
        if (_held is { } held
            && held.Scope == challenge.Scope && held.TenantId == challenge.TenantId && challenge.Claims is null
            && held.Token.Token != refused && held.Token.ExpiresOn - s_reserve > DateTimeOffset.UtcNow)
        {
            return held.Token.Token;
        }

        try
        {
            // Calls that need a new one at the same moment may each ask: credentials keep theirs, and let such calls share one.
            var context = new TokenRequestContext([challenge.Scope!], parentRequestId: null, challenge.Claims, challenge.TenantId, isCaeEnabled: true);
            var token = await credential.GetTokenAsync(context, cancellationToken);
            _held = new Held(challenge.Scope!, challenge.TenantId, token);
            return token.Token;
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not RequestFailedException)
        {
            throw new RequestFailedException(0, "No token for the vault could be had.", "NoToken", exception);
        }
    }

    private sealed record Held(string Scope, string? TenantId, AccessToken Token)
    {
        public override string ToString() => nameof(Held);
    }
}
