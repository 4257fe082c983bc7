using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.OAuth;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>Links for whoever signs in at a provider for a tenant.</summary>
internal static class OAuthLinkEndpoints
{
    public static void MapOAuthLinks(this RouteGroupBuilder tenant)
    {
        tenant.MapPost("/crm/oauth", (HttpContext context, OAuthFlow flow, OAuthAddress address) => Invite(context, flow, address, CrmRole.Main));
        tenant.MapPost("/crm/archive/oauth", (HttpContext context, OAuthFlow flow, OAuthAddress address) => Invite(context, flow, address, CrmRole.Archive));
    }

    private static async Task<IResult> Invite(HttpContext context, OAuthFlow flow, OAuthAddress address, CrmRole role)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.OAuthLinkBody);
        var link = await flow.Invite(context.Tenant(), role, body.Provider, body.Environment, context.Actor(), Deadline.OfChange(context));
        var answer = new OAuthLinkAnswer(address.StartOf(body.Provider, link), link.ExpiresAt);
        return TypedResults.Json(answer, OperatorJson.Default.OAuthLinkAnswer, statusCode: StatusCodes.Status201Created);
    }
}

/// <summary>A link that can be opened once.</summary>
internal sealed record OAuthLinkAnswer(string Url, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(OAuthLinkAnswer);
}
