using Vorel.Core.Crm;

namespace Vorel.Core.Tests.Crm;

/// <summary>The tokens of a staged connection: a refused one is replaced once, however many ask.</summary>
/// <param name="next">Has the provider give out a token.</param>
public sealed class StagedTokens(Func<string> next) : IAccessTokens
{
    private readonly Lock _gate = new();
    private AccessToken? _current;

    /// <summary>How many tokens were got in place of a refused one.</summary>
    public int Refreshes { get; private set; }

    /// <summary>How often somebody asked for one in place of a refused one.</summary>
    public int Asked { get; private set; }

    /// <summary>How often the token to call with was asked for.</summary>
    public int Gets { get; private set; }

    /// <summary>What a refresh fails with.</summary>
    public CrmException? Failure { get; set; }

    /// <summary>Every token there was.</summary>
    public List<string> All { get; } = [];

    /// <summary>Has the next call begin with another token.</summary>
    public void Replace()
    {
        lock (_gate)
        {
            _current = Next();
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessToken> Get(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Gets++;
            return ValueTask.FromResult(_current ??= Next());
        }
    }

    /// <inheritdoc/>
    public Task<AccessToken> Refresh(AccessToken used, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Asked++;
            if (Failure is not null)
            {
                return Task.FromException<AccessToken>(Failure);
            }

            if (used.Version == _current!.Version)
            {
                Refreshes++;
                _current = Next();
            }

            return Task.FromResult(_current);
        }
    }

    private AccessToken Next()
    {
        var token = next();
        All.Add(token);
        return new AccessToken(token, All.Count);
    }
}
