using System.Text.Json;

namespace Vorel.Core.Crm;

/// <summary>What a driver is made with for one connection.</summary>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Account">Tenant and system as one text: whose limits and failures these are. Nothing secret.</param>
/// <param name="Credentials">What was entered or granted when the CRM was connected; only valid during the call.</param>
/// <param name="Tokens">The connection's access tokens; null for a provider that has none.</param>
public sealed record CrmDriverContext(string Provider, string Account, JsonElement Credentials, IAccessTokens? Tokens)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(CrmDriverContext);
}
