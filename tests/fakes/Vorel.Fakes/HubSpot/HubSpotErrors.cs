using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>Errors in HubSpot's words. The README says which of them were seen where.</summary>
internal static class HubSpotErrors
{
    private const string LearnScopes = "https://developers.hubspot.com/scopes";

    public static HubSpotRefusal Unauthenticated() => Error(
        HttpStatusCode.Unauthorized,
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        "INVALID_AUTHENTICATION");

    public static HubSpotRefusal Expired(DateTimeOffset expired, DateTimeOffset now) => Error(
        HttpStatusCode.Unauthorized,
        $"The OAuth token used to make this call expired {(long)(now - expired).TotalSeconds} second(s) ago.",
        "EXPIRED_AUTHENTICATION",
        new JsonObject { ["expire time"] = Names(HubSpotValue.Text(expired)) });

    /// <summary>Any one of the scopes would do.</summary>
    public static HubSpotRefusal MissingScopes(IEnumerable<string> scopes)
    {
        var body = Body(
            "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: " + LearnScopes + ".",
            "MISSING_SCOPES");
        body["errors"] = new JsonArray(new JsonObject
        {
            ["message"] = "One or more of the following scopes are required.",
            ["context"] = new JsonObject { ["requiredGranularScopes"] = Names([.. scopes]) },
        });
        body["links"] = new JsonObject { ["scopes"] = LearnScopes };
        return Refuse(HttpStatusCode.Forbidden, body);
    }

    public static HubSpotRefusal NoRoute() => Error(HttpStatusCode.NotFound, "resource not found", category: null);

    public static HubSpotRefusal NoMethod() => Error(HttpStatusCode.MethodNotAllowed, "HTTP 405 Method Not Allowed", category: null);

    public static HubSpotRefusal NoMediaType() => Error(HttpStatusCode.UnsupportedMediaType, "HTTP 415 Unsupported Media Type", category: null);

    public static HubSpotRefusal NoObjectType(string name) => Error(HttpStatusCode.BadRequest, $"Unable to infer object type from: {name}", category: null);

    /// <summary>A number that no record has.</summary>
    public static HubSpotRefusal NoRecord() => Error(HttpStatusCode.NotFound, "resource not found", category: null);

    /// <summary>Something that is no number, or a value of an identifying property that no record has.</summary>
    public static HubSpotRefusal NoRecord(string id) => Error(
        HttpStatusCode.NotFound,
        "Object not found.  objectId are usually numeric.",
        "OBJECT_NOT_FOUND",
        new JsonObject { ["id"] = Names(id) });

    public static HubSpotRefusal NoProperty(string name) => Error(
        HttpStatusCode.NotFound, $"Property {name} does not exist", "OBJECT_NOT_FOUND");

    public static HubSpotRefusal Invalid(string message) => Error(HttpStatusCode.BadRequest, message, "VALIDATION_ERROR");

    public static HubSpotRefusal InvalidJson(string reason) => Invalid($"Invalid input JSON on line 1, column 1: {reason}");

    public static HubSpotRefusal InvalidValues(IReadOnlyList<HubSpotFinding> findings, long portalId)
    {
        var list = new JsonArray([.. findings.Select(finding => new JsonObject
        {
            ["isValid"] = false,
            ["message"] = finding.Message,
            ["error"] = finding.Code,
            ["name"] = finding.Property,
            ["localizedErrorMessage"] = finding.Message,
            ["portalId"] = portalId,
        })]);
        var body = Body("Property values were not valid: " + list.ToJsonString(), "VALIDATION_ERROR");
        body["errors"] = new JsonArray([.. findings.Select(finding => new JsonObject
        {
            ["message"] = finding.Message,
            ["code"] = finding.Code,
            ["context"] = new JsonObject { ["propertyName"] = Names(finding.Property) },
        })]);
        return Refuse(HttpStatusCode.BadRequest, body);
    }

    public static HubSpotRefusal MissingProperties(HubSpotObjectType type, IReadOnlyList<string> names)
    {
        var body = Body($"Error creating {type.Constant}. Some required properties were not set.", "VALIDATION_ERROR", new JsonObject { ["properties"] = Names([.. names]) });
        body["errors"] = new JsonArray(new JsonObject
        {
            ["message"] = $"Error creating {type.Constant}. Some required properties were not set.",
            ["code"] = "REQUIRED_PROPERTY_MISSING",
            ["context"] = new JsonObject { ["properties"] = Names([.. names]) },
        });
        return Refuse(HttpStatusCode.BadRequest, body);
    }

    public static HubSpotRefusal ContactExists(string id) => Error(
        HttpStatusCode.Conflict, $"Contact already exists. Existing ID: {id}", "CONFLICT");

    public static HubSpotRefusal PropertyExists(string name) => Error(
        HttpStatusCode.Conflict, $"A property named '{name}' already exists.", "OBJECT_ALREADY_EXISTS");

    /// <summary>One call too many: of <c>TEN_SECONDLY_ROLLING</c>, <c>SECONDLY</c> (searches) or <c>DAILY</c>.</summary>
    public static HubSpotRefusal Limited(string policy)
    {
        var body = Body($"You have reached your {policy.ToLowerInvariant()} limit.", "RATE_LIMITS");
        body["errorType"] = "RATE_LIMIT";
        body["policyName"] = policy;
        return Refuse(HttpStatusCode.TooManyRequests, body);
    }

    /// <summary>An error of the token endpoints of v1, which are of another make than the others.</summary>
    public static HubSpotRefusal Token(string status, string message) => new(HubSpotAnswer.Json(
        (int)HttpStatusCode.BadRequest,
        new JsonObject { ["status"] = status, ["message"] = message, ["correlationId"] = Correlation() }));

    public static HubSpotRefusal Error(HttpStatusCode status, string message, string? category, JsonObject? context = null) =>
        Refuse(status, Body(message, category, context));

    /// <summary>What a status says that is not of one request: overload, locks, faults of the service.</summary>
    public static HubSpotAnswer OfStatus(int status) => status switch
    {
        401 => Unauthenticated().Answer,
        429 => Limited("TEN_SECONDLY_ROLLING").Answer,
        423 => Error(HttpStatusCode.Locked, "The resource is locked, wait at least 2 seconds before retrying", category: null).Answer,
        477 => Error((HttpStatusCode)477, "The account is being migrated between data hosting locations", "MIGRATION_IN_PROGRESS").Answer,
        403 => Error(HttpStatusCode.Forbidden, "You do not have permissions to make this request", "MISSING_PERMISSIONS").Answer,
        _ => Error((HttpStatusCode)status, status == 500 ? "internal error" : "There was a problem with the request.", category: null).Answer,
    };

    private static HubSpotRefusal Refuse(HttpStatusCode status, JsonObject body) => new(HubSpotAnswer.Json((int)status, body));

    private static JsonObject Body(string message, string? category, JsonObject? context = null)
    {
        var body = new JsonObject { ["status"] = "error", ["message"] = message, ["correlationId"] = Correlation() };
        if (context is not null)
        {
            body["context"] = context;
        }

        if (category is not null)
        {
            body["category"] = category;
        }

        return body;
    }

    private static string Correlation() => Guid.CreateVersion7().ToString("D", CultureInfo.InvariantCulture);

    private static JsonArray Names(params string[] names) => new([.. names.Select(name => JsonValue.Create(name))]);
}
