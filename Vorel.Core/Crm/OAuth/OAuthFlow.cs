using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Errors;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.OAuth;

/// <summary>
/// Somebody's way to a provider's page and back (RFC 6749, 4.1; RFC 7636; RFC 9700): an operator makes a link, whoever signs in opens it, the provider
/// sends the browser back, the code is exchanged. README.md in this folder has the picture and the rules.
/// </summary>
public sealed class OAuthFlow
{
    private const string Ticket = "ticket";
    private const string State = "state";
    private const string Browser = "browser";
    private const int MaxCodeLength = 2048;

    private readonly OAuthStates _states;
    private readonly OAuthApps _apps;
    private readonly OAuthAddress _address;
    private readonly TokenEndpoint _tokens;
    private readonly OAuthConnect _connect;
    private readonly AuditLog _audit;
    private readonly IEnvelopeProtector _protector;
    private readonly TimeProvider _realTime;
    private readonly RandomFill _random;

    /// <summary>The way over our own apps and address.</summary>
    public OAuthFlow(
        IRowStore store,
        IEnvelopeProtector protector,
        OAuthApps apps,
        OAuthAddress address,
        TokenEndpoint tokens,
        OAuthConnect connect,
        AuditLog audit,
        Clocks clocks,
        RandomFill? random = null)
    {
        _states = new OAuthStates(store, clocks.Real);
        _apps = apps;
        _address = address;
        _tokens = tokens;
        _connect = connect;
        _audit = audit;
        _protector = protector;
        _realTime = clocks.Real;
        _random = random ?? Randomness.Secure;
    }

    /// <summary>Makes a link for whoever will sign in. It is good for ten minutes and for one browser.</summary>
    /// <exception cref="ValidationException">The provider is not signed in to, Vorel has no app there, or there is no such environment.</exception>
    public async Task<OAuthLink> Invite(
        TenantId tenant, CrmRole role, string provider, string? environment, AuditActor actor, CancellationToken cancellationToken)
    {
        var oauth = Check(provider, environment);
        var text = OneTimeText.New(_random);
        var row = new OAuthStateRow(Guid.NewGuid(), OneTimeText.DigestOf(Ticket, text), tenant, role, provider, actor, _states.End)
        {
            Environment = environment ?? (oauth.Environments is [var standard, ..] ? standard : null),
        };
        await _audit.Append(tenant, new AuditEvent(AuditAction.SignInStarted, actor) { Subject = row.SignIn }, cancellationToken);
        await _states.Put(row, cancellationToken);
        return new OAuthLink(text, row.ExpiresAt);
    }

    /// <summary>Takes a link and says where to send the browser that opened it.</summary>
    /// <exception cref="OAuthRefusedException">The link is none, or none any more.</exception>
    public async Task<OAuthDeparture> Depart(string provider, string? ticket, CancellationToken cancellationToken)
    {
        var invited = OneTimeText.IsForm(ticket) ? await _states.Take(OneTimeText.DigestOf(Ticket, ticket!), cancellationToken) : null;
        if (invited is null || invited.Provider != provider || CrmProviders.Find(provider)?.OAuth is not { } oauth || _apps.Find(provider) is not { } app)
        {
            throw new OAuthRefusedException(OAuthRefusal.Link);
        }

        var state = OneTimeText.New(_random);
        var cookie = OneTimeText.New(_random);
        var verifier = Pkce.NewVerifier(_random);
        var row = invited with
        {
            Digest = OneTimeText.DigestOf(State, state),
            Browser = OneTimeText.DigestOf(Browser, cookie),
            ExpiresAt = _states.End,
        };

        // Sealed for the whole row, also where the provider takes no PKCE: what of it is changed in the tables, it then does not open.
        var sealedVerifier = await _protector.Protect(Encoding.ASCII.GetBytes(verifier), Scope(row), cancellationToken);
        await _states.Put(row with { SealedVerifier = sealedVerifier }, cancellationToken);
        return new OAuthDeparture(Authorize(oauth, app, row, state, verifier), cookie);
    }

    /// <summary>
    /// Takes what a browser brings back, and connects. The state is gone before anything is asked of anybody, so that it is used once whatever happens
    /// then; who fails begins again with a new link.
    /// </summary>
    /// <exception cref="OAuthRefusedException">Nothing is connected.</exception>
    public async Task<OAuthArrival> Arrive(string provider, OAuthReturn brought, CancellationToken cancellationToken)
    {
        var row = OneTimeText.IsForm(brought.State) ? await _states.Take(OneTimeText.DigestOf(State, brought.State!), cancellationToken) : null;
        if (row is null)
        {
            throw new OAuthRefusedException(OAuthRefusal.State);
        }

        try
        {
            var (known, credentials) = await Exchange(row, provider, brought, cancellationToken);
            await _audit.Append(row.Tenant, new AuditEvent(AuditAction.SignInCompleted, row.Actor) { Subject = row.SignIn }, cancellationToken);
            return new OAuthArrival(known, await _connect(row.Tenant, row.Role, known, credentials, row.Actor, cancellationToken));
        }
        catch (OAuthRefusedException refused)
        {
            var why = refused.Cause is { } cause ? AuditCode.Of(cause.Code) : AuditCode.Of(refused.Refusal);
            await _audit.Append(row.Tenant, new AuditEvent(AuditAction.SignInRefused, row.Actor) { Subject = row.SignIn, Code = why }, cancellationToken);
            throw;
        }
    }

    private static bool IsBrowser(OAuthStateRow row, string? cookie) =>
        OneTimeText.IsForm(cookie) && CryptographicOperations.FixedTimeEquals(OneTimeText.DigestOf(Browser, cookie!), row.Browser);

    private static void CheckCode(OAuthReturn brought)
    {
        if (brought.Error is { } error)
        {
            throw new OAuthRefusedException(error == "access_denied" ? OAuthRefusal.Denied : OAuthRefusal.NoCode);
        }

        if (brought.Code is not { Length: > 0 and <= MaxCodeLength } code || code.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new OAuthRefusedException(OAuthRefusal.NoCode);
        }
    }

    /// <summary>Where the code is to be exchanged. What the browser says of it must be one of the provider's own places, in all of its ways to say it.</summary>
    private static OAuthSite? SiteOf(OAuthDefinition oauth, OAuthStateRow row, OAuthReturn brought)
    {
        if (oauth.Sites is [var only])
        {
            return only;
        }

        return oauth.SiteSource == OAuthSiteSource.Entered
            ? oauth.Sites.FirstOrDefault(site => site.Name == row.Environment)
            : oauth.Sites.FirstOrDefault(site =>
                (brought.Location ?? brought.AccountsServer) is not null
                && (brought.Location is null || site.Name == brought.Location)
                && (brought.AccountsServer is null || site.IsAt(brought.AccountsServer)));
    }

    // Each part has its own form: none can run into the next.
    private static EnvelopeScope Scope(OAuthStateRow row) => new(
        row.Tenant,
        OAuthStateRow.Family,
        row.Provider,
        $"{Convert.ToHexStringLower(row.Digest)}|{Convert.ToHexStringLower(row.Browser)}|{row.Role}|{row.Environment}|{row.Actor.Kind}|{row.Actor.Id}");

    private OAuthDefinition Check(string provider, string? environment)
    {
        if (CrmProviders.Find(provider) is not { SignIn: CrmSignIn.AuthorizationCode, OAuth: { } oauth })
        {
            throw new ValidationException("/provider", $"must be one of {string.Join(", ", CrmProviders.All.Where(one => one.SignIn == CrmSignIn.AuthorizationCode).Select(one => one.Slug))}");
        }

        if (_apps.Find(provider) is null || _address.Base is null)
        {
            throw new ValidationException("/provider", "cannot be signed in to: this installation has no app of its own there");
        }

        var known = oauth.Environments;
        return environment is null || known.Contains(environment)
            ? oauth
            : throw new ValidationException("/environment", known.Count == 0 ? "is not chosen for this provider" : $"must be one of {string.Join(", ", known)}");
    }

    private Uri Authorize(OAuthDefinition oauth, OAuthApp app, OAuthStateRow row, string state, string verifier)
    {
        var site = oauth.Sites.FirstOrDefault(site => site.Name == row.Environment) ?? oauth.Sites[0];
        var parameters = new Dictionary<string, string>(oauth.AuthorizeParameters)
        {
            ["client_id"] = app.ClientId,
            ["redirect_uri"] = _address.CallbackOf(row.Provider),
            ["scope"] = string.Join(oauth.ScopeSeparator, oauth.Scopes),
            ["state"] = state,
        };
        if (oauth.UsesPkce)
        {
            parameters["code_challenge"] = Pkce.ChallengeOf(verifier);
            parameters["code_challenge_method"] = Pkce.Method;
        }

        var query = string.Join('&', parameters.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        return _tokens.Locate(new Uri($"{site.AuthorizeUrl}?{query}"));
    }

    private async Task<string> OpenVerifier(OAuthStateRow row, CancellationToken cancellationToken)
    {
        try
        {
            return Encoding.ASCII.GetString(await _protector.Unprotect(row.SealedVerifier, Scope(row), cancellationToken));
        }
        catch (EnvelopeException)
        {
            throw new OAuthRefusedException(OAuthRefusal.State);
        }
    }

    private async Task<(CrmProvider Provider, JsonObject Credentials)> Exchange(
        OAuthStateRow row, string provider, OAuthReturn brought, CancellationToken cancellationToken)
    {
        if (row.Provider != provider || !IsBrowser(row, brought.Cookie) || CrmProviders.Find(provider) is not { OAuth: { } oauth } known)
        {
            throw new OAuthRefusedException(OAuthRefusal.State);
        }

        var verifier = await OpenVerifier(row, cancellationToken);
        CheckCode(brought);
        var site = SiteOf(oauth, row, brought) ?? throw new OAuthRefusedException(OAuthRefusal.Site);
        try
        {
            var grant = await _tokens.Exchange(known, site, brought.Code!, _address.CallbackOf(provider), oauth.UsesPkce ? verifier : null, cancellationToken);
            return grant.RefreshToken is not null && oauth.AccountOf(grant.Others) is { } account
                ? (known, OAuthCredentials.Of(site, account, grant, _realTime.GetUtcNow()))
                : throw new OAuthRefusedException(OAuthRefusal.Incomplete);
        }
        catch (CrmException failure)
        {
            throw new OAuthRefusedException(OAuthRefusal.Exchange, failure);
        }
    }
}
