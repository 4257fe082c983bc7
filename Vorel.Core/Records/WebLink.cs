namespace Vorel.Core.Records;

/// <summary>An address that people are shown as a link: a web address, and one that leads where it seems to.</summary>
internal static class WebLink
{
    /// <summary>The http or https URL that a text is. No user name, and no backslash, which browsers read as a slash; nothing that has to be escaped.</summary>
    public static Uri? Parse(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !text.Contains('\\', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0
            ? url
            : null;
}
