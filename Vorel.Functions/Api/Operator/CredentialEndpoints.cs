using Vorel.Core.Crm.Connections;
using Vorel.Core.Errors;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>What was entered or granted for a tenant's CRM and its archive, and how it stands.</summary>
internal static class CredentialEndpoints
{
    private const string Path = "/crm/credentials";

    public static void MapCredentials(this RouteGroupBuilder tenant)
    {
        tenant.MapGet(Path, List);
        tenant.MapPost(Path + "/{id}/test", Test);
        tenant.MapDelete(Path + "/{id}", Revoke);
    }

    private static async Task<IResult> List(HttpContext context, CrmConnecting connecting)
    {
        QueryRules.Check(context.Request);
        var all = await connecting.List(context.Tenant(), context.RequestAborted);
        var answer = new CredentialListAnswer([.. all.Select(CredentialAnswer.Of)], NextCursor: null, HasMore: false);
        return TypedResults.Json(answer, OperatorJson.Default.CredentialListAnswer);
    }

    private static async Task<IResult> Test(string id, HttpContext context, CrmConnecting connecting)
    {
        QueryRules.Check(context.Request);
        var result = await connecting.Test(context.Tenant(), IdOf(id), context.Actor(), Deadline.OfChange(context));
        return TypedResults.Json(CrmAnswer.Of(result, secret: null), OperatorJson.Default.CrmAnswer);
    }

    private static async Task<IResult> Revoke(string id, HttpContext context, CrmConnecting connecting)
    {
        QueryRules.Check(context.Request);
        await connecting.Revoke(context.Tenant(), IdOf(id), context.Actor(), Deadline.OfChange(context));
        return TypedResults.NoContent();
    }

    private static Guid IdOf(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw new NotFoundException("credential");
}
