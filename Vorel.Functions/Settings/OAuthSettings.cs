using Vorel.Core.Crm.OAuth;

namespace Vorel.Functions.Settings;

/// <summary>Vorel's own apps at the providers that somebody signs in to: of each an id and a secret, or neither.</summary>
internal static class OAuthSettings
{
    private static readonly (string Provider, string Id, string Secret)[] s_names =
    [
        ("hubspot", "VOREL_HUBSPOT_CLIENT_ID", "VOREL_HUBSPOT_CLIENT_SECRET"),
        ("salesforce", "VOREL_SALESFORCE_CLIENT_ID", "VOREL_SALESFORCE_CLIENT_SECRET"),
        ("zoho", "VOREL_ZOHO_CLIENT_ID", "VOREL_ZOHO_CLIENT_SECRET"),
    ];

    /// <summary>The apps that are configured.</summary>
    public static OAuthApps Read(IConfiguration configuration, ICollection<string> faults)
    {
        var apps = new Dictionary<string, OAuthApp>(StringComparer.Ordinal);
        foreach (var (provider, id, secret) in s_names)
        {
            switch (Value(configuration, id, faults), Value(configuration, secret, faults))
            {
                case (null, null):
                    break;
                case ({ } clientId, { } clientSecret):
                    apps[provider] = new OAuthApp(clientId, clientSecret);
                    break;
                default:
                    faults.Add($"{id} and {secret} belong together: set both, or neither.");
                    break;
            }
        }

        if (apps.Count > 0 && configuration["VOREL_PUBLIC_BASE_URL"] is null)
        {
            faults.Add("VOREL_PUBLIC_BASE_URL is needed where somebody signs in to a provider: browsers are sent back to it.");
        }

        return new OAuthApps(apps);
    }

    private static string? Value(IConfiguration configuration, string name, ICollection<string> faults)
    {
        if (configuration[name] is not { Length: > 0 } text)
        {
            return null;
        }

        if (text.Length > 500 || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            faults.Add($"{name} must be visible ASCII without blanks, as the provider shows it.");
        }

        return text;
    }
}
