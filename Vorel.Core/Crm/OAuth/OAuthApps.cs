namespace Vorel.Core.Crm.OAuth;

/// <summary>Vorel's own apps at the providers, by the provider's slug. One that is not here cannot be signed in to.</summary>
public sealed class OAuthApps(IReadOnlyDictionary<string, OAuthApp> apps)
{
    /// <summary>None.</summary>
    public static OAuthApps None { get; } = new(new Dictionary<string, OAuthApp>());

    /// <summary>How many there are.</summary>
    public int Count => apps.Count;

    /// <summary>The app at a provider, or null.</summary>
    public OAuthApp? Find(string provider) => apps.GetValueOrDefault(provider);
}

/// <summary>An app as it is registered with a provider.</summary>
/// <param name="ClientId">Its public name there.</param>
/// <param name="ClientSecret">What proves that we are it.</param>
public sealed record OAuthApp(string ClientId, string ClientSecret)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(OAuthApp);
}
