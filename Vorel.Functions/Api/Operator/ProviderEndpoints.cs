using Microsoft.AspNetCore.Http.HttpResults;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Requests;

namespace Vorel.Functions.Api.Operator;

/// <summary>Which providers there are, and how each is connected.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this RouteGroupBuilder api) => api.MapGet("/crm-providers", List).ForOperator();

    private static JsonHttpResult<ProviderListAnswer> List(HttpContext context, OAuthApps apps)
    {
        QueryRules.Check(context.Request);
        var answer = new ProviderListAnswer([.. CrmProviders.All.Select(provider => ProviderAnswer.Of(provider, apps))]);
        return TypedResults.Json(answer, OperatorJson.Default.ProviderListAnswer);
    }
}
