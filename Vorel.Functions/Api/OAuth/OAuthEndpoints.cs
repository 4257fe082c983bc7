using Microsoft.Extensions.Primitives;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.OAuth;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Api.OAuth;

/// <summary>Where browsers come on their way to a provider's page and back. They prove themselves by what can be shown once.</summary>
internal static class OAuthEndpoints
{
    private const string Close = "You can close this window.";
    private const string Reason = "a browser shows a link, or a state and a cookie, of which each is good once";

    public static void MapOAuth(this RouteGroupBuilder oauth)
    {
        oauth.MapGet("/{provider}/start", Start).ForAnyone(Reason);
        oauth.MapGet("/{provider}/callback", Callback).ForAnyone(Reason);
    }

    private static Task Start(string provider, HttpContext context, OAuthFlow flow, OAuthAddress address, ILogger<OAuthFlow> log) =>
        Answer(provider, context, log, async () =>
        {
            var departure = await flow.Depart(provider, Single(context, "ticket"), Deadline.OfChange(context));
            context.Response.Cookies.Append(CookieOf(address), departure.Cookie, CookieRules(address, TimeSpan.FromMinutes(10)));
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = departure.Address.AbsoluteUri;
        });

    private static Task Callback(string provider, HttpContext context, OAuthFlow flow, OAuthAddress address, ILogger<OAuthFlow> log) =>
        Answer(provider, context, log, async () =>
        {
            var brought = new OAuthReturn(Single(context, "state"), context.Request.Cookies[CookieOf(address)])
            {
                Code = Single(context, "code"),
                Error = Single(context, "error"),
                Location = Single(context, "location"),
                AccountsServer = Single(context, "accounts-server"),
            };
            var arrival = await flow.Arrive(provider, brought, Deadline.OfChange(context));
            context.Response.Cookies.Append(CookieOf(address), "", CookieRules(address, TimeSpan.Zero));
            await (arrival.Result is { Status: CredentialStatus.Active }
                ? OAuthPage.Write(context, StatusCodes.Status200OK, $"{arrival.Provider.Name} is connected", Close)
                : OAuthPage.Write(context, StatusCodes.Status200OK, $"{arrival.Provider.Name} is not in use yet", "You are signed in, but the connection did not pass its test.", arrival.Result.Reason?.Text ?? "", Close));
        });

    /// <summary>Answers a browser: whatever goes wrong is a page. Of what was sent nothing is logged, an address least of all.</summary>
    private static async Task Answer(string provider, HttpContext context, ILogger<OAuthFlow> log, Func<Task> answer)
    {
        OAuthPage.Harden(context);
        try
        {
            await answer();
        }
        catch (OAuthRefusedException refused)
        {
            if (refused.Refusal is not (OAuthRefusal.Link or OAuthRefusal.State))
            {
                // Of what anybody can send without having been let in, there is no line: nobody fills our log.
                log.SignInRefused(provider, refused.Refusal, refused.Cause?.Code.Wire() ?? "none");
            }

            var (status, title, text) = OAuthTexts.Of(refused);
            await OAuthPage.Write(context, status, title, text);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log.RequestFailed(RequestId.Of(context), exception);
            var status = ProblemMap.Of(exception).Status;
            await OAuthPage.Write(context, status, "Something failed on our side", "Wait a minute and ask for a new link. If it fails again, tell whoever runs this installation the number below.", RequestId.Of(context));
        }
    }

    /// <summary>A parameter that stands once; one that stands twice is read as one by some and as the other by others, so that it is none.</summary>
    private static string? Single(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out StringValues values) && values is [{ Length: > 0 } only] ? only : null;

    // The prefix has browsers refuse a cookie of this name that another host of the domain sets, or that came without TLS (RFC 6265bis, 4.1.3.2).
    private static string CookieOf(OAuthAddress address) => address.IsSecure ? "__Host-vorel-oauth" : "vorel-oauth";

    // Lax: the provider sends the browser back by a link, with which it comes along; forms and frames of others bring nothing.
    private static CookieOptions CookieRules(OAuthAddress address, TimeSpan life) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = address.IsSecure,
        SameSite = SameSiteMode.Lax,
        MaxAge = life,
        IsEssential = true,
    };
}
