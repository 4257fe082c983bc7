using Azure.Core;
using Vorel.Fakes;

namespace Vorel.Azure.Tests.KeyVault;

/// <summary>An identity that the stand-in for Key Vault knows.</summary>
internal sealed class VaultTokens(FakeKeyVault vault) : TokenCredential
{
    private int _count;

    /// <summary>How many tokens were asked for.</summary>
    public int Count => _count;

    /// <summary>What each was asked for, the last one.</summary>
    public TokenRequestContext Last { get; private set; }

    /// <summary>How long the tokens live.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What is thrown instead; none if null.</summary>
    public Exception? Failure { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        Last = requestContext;
        return Failure is null ? new(vault.Access.Issue(requestContext.Scopes[0], Life), DateTimeOffset.UtcNow + Life) : throw Failure;
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
