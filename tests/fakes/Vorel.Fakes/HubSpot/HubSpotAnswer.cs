using System.Net;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>One answer.</summary>
internal sealed record HubSpotAnswer(int Status, string Body = "", string ContentType = "application/json;charset=utf-8")
{
    /// <summary>Headers beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static HubSpotAnswer NoContent { get; } = new((int)HttpStatusCode.NoContent);

    public static HubSpotAnswer Json(int status, JsonNode body) => new(status, body.ToJsonString());

    public static HubSpotAnswer Ok(JsonNode body) => Json((int)HttpStatusCode.OK, body);

    public static HubSpotAnswer Html(int status, string title, string content) => new(
        status,
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(title)}</title></head><body>\n{content}\n</body></html>\n",
        "text/html;charset=utf-8");

    public static HubSpotAnswer Redirect(string location) => new((int)HttpStatusCode.Found)
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = location },
    };
}
