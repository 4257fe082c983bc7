using System.Net;
using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Development;

/// <summary>What a person's browser does on the way to a provider's page and back: keeps cookies, goes where it is sent, presses a button.</summary>
public sealed partial class LocalBrowser : IDisposable
{
    private const int MostSteps = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Opens a page, presses the button <paramref name="button"/> of every form that comes, and gives where it ends and what is said there.</summary>
    /// <exception cref="DevelopmentException">It goes on and on.</exception>
    public async Task<LocalPage> Visit(Uri address, string button, CancellationToken cancellationToken)
    {
        HttpContent? form = null;
        for (var step = 0; step < MostSteps; step++)
        {
            using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, address) { Content = form };
            using var response = await _http.SendAsync(request, cancellationToken);
            form = null;
            if (response.Headers.Location is { } next && (int)response.StatusCode is >= 300 and <= 399)
            {
                address = new Uri(address, next);
                continue;
            }

            var page = await response.Content.ReadAsStringAsync(cancellationToken);
            if (Action().Match(page) is not { Success: true } action)
            {
                return new LocalPage((int)response.StatusCode, Text(Title().Match(page).Groups["text"].Value), Text(Tag().Replace(page, " ")));
            }

            address = new Uri(address, Text(action.Groups["to"].Value));
            form = new FormUrlEncodedContent(
                Hidden().Matches(page).Select(field => KeyValuePair.Create(field.Groups["name"].Value, Text(field.Groups["value"].Value)))
                    .Append(KeyValuePair.Create("decision", button)));
        }

        throw new DevelopmentException("The way to the provider's page and back has no end.");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Text(string html) => WebUtility.HtmlDecode(html).Trim();

    [GeneratedRegex("<form method=\"post\" action=\"(?<to>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex("<title>(?<text>[^<]*)</title>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Title();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tag();
}

/// <summary>A page that a browser ended on.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Title">Its title.</param>
/// <param name="Text">What it says, without markup.</param>
public sealed record LocalPage(int Status, string Title, string Text);
