namespace Vorel.Core.Crm.OAuth;

/// <summary>Where browsers find us: as it is configured, never as a request says.</summary>
/// <param name="Base">Our public origin; null where none is configured, and then nobody signs in.</param>
public sealed record OAuthAddress(Uri? Base)
{
    /// <summary>Whether browsers come by https. They do not to a local installation alone.</summary>
    public bool IsSecure => Base?.Scheme == Uri.UriSchemeHttps;

    /// <summary>Where a provider sends browsers back to; it must be entered so in the settings of our app there.</summary>
    public string CallbackOf(string provider) => At($"/oauth/{provider}/callback");

    /// <summary>The address of a link.</summary>
    public string StartOf(string provider, OAuthLink link) => At($"/oauth/{provider}/start?ticket={link.Ticket}");

    private string At(string path) => new Uri(Base ?? throw new InvalidOperationException("No public address is configured."), path).AbsoluteUri;
}
