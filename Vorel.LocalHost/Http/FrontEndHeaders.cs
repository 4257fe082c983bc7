using Microsoft.AspNetCore.Http.Features;

namespace Vorel.LocalHost.Http;

/// <summary>
/// Adds what Azure's front end adds to a request from outside. A handler tells by these that a call is not the host's own,
/// so the names they share are set anew: a caller cannot take them away.
/// </summary>
internal static class FrontEndHeaders
{
    public static void Add(HttpContext context)
    {
        var request = context.Request;
        var headers = request.Headers;
        var client = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
        var host = request.Host.Value ?? "";
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var earlier = headers["X-Forwarded-For"].ToString();

        headers["X-Forwarded-For"] = earlier.Length == 0 ? client : $"{earlier}, {client}";
        headers["X-Forwarded-Proto"] = request.Scheme;
        headers["X-Forwarded-Host"] = host;
        headers["X-Original-URL"] = target;
        headers["X-WAWS-Unencoded-URL"] = target;
        headers["X-ARR-LOG-ID"] = Guid.NewGuid().ToString();
        headers["DISGUISED-HOST"] = host;
        headers["WAS-DEFAULT-HOSTNAME"] = host;
        headers["CLIENT-IP"] = client;
    }
}
