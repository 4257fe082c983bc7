using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace Vorel.Fakes.HubSpot;

/// <summary>The pages of <c>app.hubspot.com/oauth/authorize</c>, on which a user lets an app into an account.</summary>
internal sealed class HubSpotConsent(HubSpotApp app, HubSpotTokens tokens, HubSpotPortal portal)
{
    private static readonly string[] s_parameters =
        ["client_id", "redirect_uri", "scope", "optional_scope", "state", "response_type", "code_challenge", "code_challenge_method"];

    /// <summary>The page with the form, or one that says why there is none.</summary>
    public HubSpotAnswer Ask(HubSpotCall call)
    {
        call.Knows(s_parameters);
        var asked = s_parameters.Select(name => (Name: name, Value: call.Parameter(name))).Where(field => field.Value is not null)
            .ToDictionary(field => field.Name, field => field.Value!, StringComparer.Ordinal);
        if (Objection(asked) is { } objection)
        {
            return HubSpotAnswer.Html(400, "Authorization failed", $"<h1>Authorization failed</h1>\n<p>{WebUtility.HtmlEncode(objection)}</p>");
        }

        var fields = string.Concat(asked.Select(field =>
            $"<input type=\"hidden\" name=\"{field.Key}\" value=\"{WebUtility.HtmlEncode(field.Value)}\">\n"));
        var scopes = string.Concat(Scopes(asked).Select(scope => $"<li>{WebUtility.HtmlEncode(scope)}</li>\n"));
        return HubSpotAnswer.Html(200, "Connect app to HubSpot", $"""
            <h1>Connect an app to account {portal.Id}</h1>
            <p>This is a stand-in for HubSpot, for development. The app would like to:</p>
            <ul>
            {scopes}</ul>
            <form method="post" action="/oauth/authorize">
            {fields}<button name="decision" value="allow">Allow</button>
            <button name="decision" value="cancel">Cancel</button>
            </form>
            """);
    }

    /// <summary>Sends the user back with a code, or with a refusal.</summary>
    public HubSpotAnswer Decide(HubSpotCall call)
    {
        var form = call.Form();
        if (Objection(form) is { } objection)
        {
            return HubSpotAnswer.Html(400, "Authorization failed", $"<p>{WebUtility.HtmlEncode(objection)}</p>");
        }

        var back = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (form.GetValueOrDefault("decision") == "allow")
        {
            back["code"] = tokens.NewCode(form["redirect_uri"], [.. Scopes(form).Except(app.Withheld, StringComparer.Ordinal)], form.GetValueOrDefault("code_challenge"));
        }
        else
        {
            back["error"] = "access_denied";
            back["error_description"] = "The user refused the connection";
        }

        back["state"] = form.GetValueOrDefault("state");
        return HubSpotAnswer.Redirect(QueryHelpers.AddQueryString(form["redirect_uri"], back.Where(field => field.Value is not null)));
    }

    private static IEnumerable<string> Scopes(Dictionary<string, string> asked) =>
        $"{asked.GetValueOrDefault("scope")} {asked.GetValueOrDefault("optional_scope")}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("oauth").Distinct(StringComparer.Ordinal);

    private string? Objection(Dictionary<string, string> asked) =>
        asked.GetValueOrDefault("client_id") != app.ClientId ? "The client ID provided doesn't exist."
        : !app.RedirectUris.Contains(asked.GetValueOrDefault("redirect_uri") ?? "") ? "Redirect URL doesn't match the ones that are registered for the app."
        : asked.GetValueOrDefault("scope") is null or "" ? "At least one scope is required."
        : Scopes(asked).Except(app.Scopes, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? $"One or more scopes are invalid. Double check that the scopes you're requesting are valid: {unknown}"
        : asked.ContainsKey("code_challenge") != asked.ContainsKey("code_challenge_method") ? "A code challenge has its method."
        : asked.GetValueOrDefault("code_challenge_method", "S256") != "S256" ? "The method of a code challenge is S256."
        : asked.TryGetValue("code_challenge", out var challenge) && (challenge.Length != 43 || !challenge.All(IsBase64Url)) ? "The code challenge is not the SHA-256 of anything."
        : null;

    private static bool IsBase64Url(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';
}
