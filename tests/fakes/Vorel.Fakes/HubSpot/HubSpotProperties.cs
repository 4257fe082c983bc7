using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>The property and schema endpoints.</summary>
internal sealed class HubSpotProperties(HubSpotPortal portal)
{
    private const int MostUnique = 10;

    private static readonly string[] s_types = ["string", "number", "bool", "enumeration", "date", "datetime", "phone_number"];

    private static readonly string[] s_members =
    [
        "name", "label", "type", "fieldType", "groupName", "description", "options", "hasUniqueValue", "hidden", "displayOrder", "formField",
        "externalOptions", "referencedObjectType", "calculationFormula",
    ];

    public HubSpotAnswer List(HubSpotCall call, HubSpotObjectType type)
    {
        call.Knows("archived", "properties", "dataSensitivity");
        return HubSpotAnswer.Ok(new JsonObject { ["results"] = new JsonArray([.. portal.Properties(type).Select(property => property.ToJson())]) });
    }

    public HubSpotAnswer Get(HubSpotCall call, HubSpotObjectType type, string name)
    {
        call.Knows("archived", "properties", "dataSensitivity");
        return HubSpotAnswer.Ok((portal.Property(type, name) ?? throw HubSpotErrors.NoProperty(name)).ToJson());
    }

    public HubSpotAnswer Create(HubSpotCall call, HubSpotObjectType type)
    {
        var body = call.Json(s_members);
        string Text(string member) => HubSpotValue.Member(body, member, isNeeded: true)!;
        var property = new HubSpotProperty(Text("name"), Text("label"), Text("type"), Text("fieldType"))
        {
            Group = Text("groupName"),
            HasUniqueValue = body["hasUniqueValue"]?.GetValue<bool>() == true,
            HubSpotDefined = false,
            Options = [.. (body["options"] as JsonArray ?? []).Select(option => (option!["value"]!.GetValue<string>(), option["label"]!.GetValue<string>()))],
        };
        if (property.Name.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '_')
            || !s_types.Contains(property.Type, StringComparer.Ordinal))
        {
            throw HubSpotErrors.Invalid($"Property {property.Name} of type {property.Type} is not valid");
        }

        if (portal.Property(type, property.Name) is not null)
        {
            throw HubSpotErrors.PropertyExists(property.Name);
        }

        if (property.HasUniqueValue && portal.Properties(type).Count(other => other is { HasUniqueValue: true, HubSpotDefined: false }) >= MostUnique)
        {
            throw HubSpotErrors.Invalid($"An object type has at most {MostUnique} unique properties");
        }

        portal.Add(type.Name, property);
        return HubSpotAnswer.Json(201, property.ToJson());
    }

    public HubSpotAnswer Archive(HubSpotObjectType type, string name)
    {
        var property = portal.Property(type, name) ?? throw HubSpotErrors.NoProperty(name);
        if (property.HubSpotDefined)
        {
            throw HubSpotErrors.Invalid($"Property {name} cannot be archived");
        }

        portal.RemoveProperty(type.Name, name);
        return HubSpotAnswer.NoContent;
    }

    /// <summary>The account's own kinds of records: all, or the one that is named.</summary>
    public HubSpotAnswer Schemas(string[] rest) => rest switch
    {
        [] => HubSpotAnswer.Ok(new JsonObject { ["results"] = new JsonArray([.. portal.Custom.Select(Schema)]) }),
        [var name] => HubSpotAnswer.Ok(Schema(portal.Custom.Find(type => type.Name == name || type.Id == name) ?? throw HubSpotErrors.NoObjectType(name))),
        _ => throw HubSpotErrors.NoRoute(),
    };

    private JsonObject Schema(HubSpotObjectType type) => new()
    {
        ["id"] = type.Id.Split('-')[^1],
        ["objectTypeId"] = type.Id,
        ["fullyQualifiedName"] = $"p{portal.Id}_{type.Name}",
        ["name"] = type.Name,
        ["labels"] = new JsonObject { ["singular"] = type.Singular, ["plural"] = type.Name },
        ["requiredProperties"] = new JsonArray([.. type.Required.Select(name => JsonValue.Create(name))]),
        ["searchableProperties"] = new JsonArray([.. type.Searched.Select(name => JsonValue.Create(name))]),
        ["secondaryDisplayProperties"] = new JsonArray(),
        ["primaryDisplayProperty"] = type.Defaults is [var first, ..] ? first : null,
        ["archived"] = false,
        ["associations"] = new JsonArray(),
        ["properties"] = new JsonArray([.. portal.Properties(type).Select(property => property.ToJson())]),
    };
}
