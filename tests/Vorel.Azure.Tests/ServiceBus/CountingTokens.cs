using Azure.Core;

namespace Vorel.Azure.Tests.ServiceBus;

/// <summary>Gives a new token each time it is asked: <c>token-1</c>, <c>token-2</c>, …</summary>
/// <param name="life">How long each lives.</param>
/// <param name="issued">Told of each token.</param>
internal sealed class CountingTokens(TimeSpan life, Action<AccessToken> issued) : TokenCredential
{
    private int _count;

    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var token = new AccessToken($"secret-token-{Interlocked.Increment(ref _count)}", DateTimeOffset.UtcNow + life);
        lock (Scopes)
        {
            Scopes.AddRange(requestContext.Scopes);
        }

        issued(token);
        return token;
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
