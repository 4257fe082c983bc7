using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>A property of a kind of record.</summary>
/// <param name="Name">Its internal name.</param>
/// <param name="Label">What people read.</param>
/// <param name="Type"><c>string</c>, <c>number</c>, <c>bool</c>, <c>enumeration</c>, <c>date</c>, <c>datetime</c> or <c>phone_number</c>.</param>
/// <param name="FieldType">How it is shown, such as <c>text</c>.</param>
public sealed record HubSpotProperty(string Name, string Label, string Type, string FieldType)
{
    /// <summary>The values it may have, each with its label, where it is an enumeration.</summary>
    public IReadOnlyList<(string Value, string Label)> Options { get; init; } = [];

    /// <summary>Whether no two records may have the same value.</summary>
    public bool HasUniqueValue { get; init; }

    /// <summary>Whether only HubSpot sets it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether HubSpot made it, not the account.</summary>
    public bool HubSpotDefined { get; init; } = true;

    /// <summary>The group it is listed in.</summary>
    public string Group { get; init; } = "";

    internal JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["label"] = Label,
        ["type"] = Type,
        ["fieldType"] = FieldType,
        ["description"] = "",
        ["groupName"] = Group,
        ["options"] = new JsonArray([.. Options.Select((option, index) => new JsonObject
        {
            ["label"] = option.Label,
            ["value"] = option.Value,
            ["displayOrder"] = index,
            ["hidden"] = false,
        })]),
        ["displayOrder"] = -1,
        ["calculated"] = ReadOnly,
        ["externalOptions"] = false,
        ["archived"] = false,
        ["hasUniqueValue"] = HasUniqueValue,
        ["hidden"] = false,
        ["hubspotDefined"] = HubSpotDefined,
        ["formField"] = !ReadOnly,
        ["dataSensitivity"] = "non_sensitive",
        ["modificationMetadata"] = new JsonObject
        {
            ["archivable"] = !HubSpotDefined,
            ["readOnlyDefinition"] = HubSpotDefined,
            ["readOnlyValue"] = ReadOnly,
        },
    };
}
