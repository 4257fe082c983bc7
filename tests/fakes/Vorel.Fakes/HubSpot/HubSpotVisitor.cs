using System.Net;
using System.Text.RegularExpressions;

namespace Vorel.Fakes.HubSpot;

/// <summary>A person with a browser before the page that asks whether an app may in.</summary>
public static partial class HubSpotVisitor
{
    /// <summary>Opens the page, presses a button, and gives where HubSpot sends the browser then.</summary>
    /// <param name="browser">A client that follows no redirects.</param>
    /// <param name="page">The address of the page.</param>
    /// <param name="decision"><c>allow</c> or <c>cancel</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The page has no form; the message is what it says instead.</exception>
    public static async Task<Uri> Decide(HttpClient browser, Uri page, string decision = "allow", CancellationToken cancellationToken = default)
    {
        var text = await browser.GetStringIfAny(page, cancellationToken);
        var fields = Hidden().Matches(text).Select(field => KeyValuePair.Create(field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value))).ToList();
        if (fields.Count == 0)
        {
            throw new InvalidOperationException("The page has no form: " + text);
        }

        fields.Add(KeyValuePair.Create("decision", decision));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await browser.PostAsync(new Uri(page, "/oauth/authorize"), form, cancellationToken);
        return answer.Headers.Location ?? throw new InvalidOperationException($"The form was answered with {(int)answer.StatusCode}");
    }

    private static async Task<string> GetStringIfAny(this HttpClient browser, Uri page, CancellationToken cancellationToken)
    {
        using var answer = await browser.GetAsync(page, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\">", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();
}
