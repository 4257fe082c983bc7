using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.OAuth;

/// <summary>The credentials of a connection that somebody signed in for, as they are sealed. The tokens in them are <see cref="CredentialTokens"/>'.</summary>
internal static class OAuthCredentials
{
    /// <summary>Where the account's API is.</summary>
    public const string ApiUrl = "api_url";

    /// <summary>Which of several sites gave the tokens out, by its origin.</summary>
    public const string AccountsUrl = "accounts_url";

    private const string Account = "account";

    /// <summary>What tells the account from all others at its provider.</summary>
    public static string AccountOf(JsonElement credentials) => CrmCredentials.Text(credentials, Account);

    /// <summary>The credentials of a grant.</summary>
    /// <param name="site">Who gave it.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="grant">What was given.</param>
    /// <param name="now">When, by the real clock.</param>
    public static JsonObject Of(OAuthSite site, string account, TokenGrant grant, DateTimeOffset now)
    {
        var credentials = new JsonObject { [Account] = account, [AccountsUrl] = site.Origin };
        CredentialTokens.Put(credentials, grant, now);
        return credentials;
    }
}
