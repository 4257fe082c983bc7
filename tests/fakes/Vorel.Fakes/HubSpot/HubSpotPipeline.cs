using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>A pipeline of deals or tickets.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What people read.</param>
/// <param name="Stages">Its stages in order, each with its label and metadata.</param>
public sealed record HubSpotPipeline(string Id, string Label, IReadOnlyList<(string Id, string Label, string Metadata)> Stages)
{
    private const string Made = "2024-01-15T09:00:00.000Z";

    /// <summary>The one that an account starts with, for deals.</summary>
    public static HubSpotPipeline Sales { get; } = new("default", "Sales Pipeline",
    [
        ("appointmentscheduled", "Appointment Scheduled", """{"isClosed":"false","probability":"0.2"}"""),
        ("qualifiedtobuy", "Qualified To Buy", """{"isClosed":"false","probability":"0.4"}"""),
        ("presentationscheduled", "Presentation Scheduled", """{"isClosed":"false","probability":"0.6"}"""),
        ("decisionmakerboughtin", "Decision Maker Bought-In", """{"isClosed":"false","probability":"0.8"}"""),
        ("contractsent", "Contract Sent", """{"isClosed":"false","probability":"0.9"}"""),
        ("closedwon", "Closed Won", """{"isClosed":"true","probability":"1.0"}"""),
        ("closedlost", "Closed Lost", """{"isClosed":"true","probability":"0.0"}"""),
    ]);

    /// <summary>The one that an account starts with, for tickets.</summary>
    public static HubSpotPipeline Support { get; } = new("0", "Support Pipeline",
    [
        ("1", "New", """{"isClosed":"false","ticketState":"OPEN"}"""),
        ("2", "Waiting on contact", """{"isClosed":"false","ticketState":"OPEN"}"""),
        ("3", "Waiting on us", """{"isClosed":"false","ticketState":"OPEN"}"""),
        ("4", "Closed", """{"isClosed":"true","ticketState":"CLOSED"}"""),
    ]);

    internal JsonObject ToJson(int order) => new()
    {
        ["id"] = Id,
        ["label"] = Label,
        ["displayOrder"] = order,
        ["stages"] = StagesToJson(),
        ["createdAt"] = Made,
        ["updatedAt"] = Made,
        ["archived"] = false,
    };

    internal JsonArray StagesToJson() => new([.. Stages.Select((stage, index) => new JsonObject
    {
        ["id"] = stage.Id,
        ["label"] = stage.Label,
        ["displayOrder"] = index,
        ["metadata"] = JsonNode.Parse(stage.Metadata),
        ["createdAt"] = Made,
        ["updatedAt"] = Made,
        ["archived"] = false,
        ["writePermissions"] = "CRM_PERMISSIONS_ENFORCEMENT",
    })]);
}
