using Vorel.Core.Crm.Connections;
using Vorel.Core.Errors;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant's connection to its CRM.</summary>
internal static class CrmEndpoints
{
    private const string CustomWebhook = "custom_webhook";

    public static void MapCrm(this RouteGroupBuilder tenant) => tenant.MapPut("/crm", Connect);

    private static async Task<IResult> Connect(HttpContext context, CrmConnectionService connections)
    {
        QueryRules.Check(context.Request);
        var body = await JsonBody.Read(context, OperatorJson.Default.ConnectCrmBody);
        if (body.Provider != CustomWebhook)
        {
            throw new ValidationException("/provider", $"must be {CustomWebhook}");
        }

        var connected = await connections.ConnectCustomWebhook(context.Tenant(), CrmRole.Main, body.Url, body.Secret, Deadline.OfChange(context));
        return TypedResults.Json(CrmAnswer.Of(connected), OperatorJson.Default.CrmAnswer);
    }
}
