using System.Text.Json;

namespace Vorel.Core.Crm.Drivers.HubSpot;

internal sealed record HubSpotProperties
{
    public IReadOnlyList<HubSpotProperty> Results { get; set => field = [.. value.OfType<HubSpotProperty>()]; } = [];
}

/// <summary>A property of an object, as an account has it.</summary>
internal sealed record HubSpotProperty
{
    public required string Name { get; init; }

    public string Label { get; set; } = "";

    public string Type { get; set; } = "string";

    public string? GroupName { get; set; }

    public bool HasUniqueValue { get; set; }

    public bool Archived { get; set; }

    public bool Calculated { get; set; }

    public HubSpotModification? ModificationMetadata { get; set; }

    public bool IsReadOnly => Calculated || ModificationMetadata?.ReadOnlyValue == true;
}

internal sealed record HubSpotModification
{
    public bool ReadOnlyValue { get; set; }
}

internal sealed record HubSpotNewProperty(string Name, string Label, string GroupName, string Description, bool HasUniqueValue, string FieldType)
{
    public string Type { get; } = "string";
}

internal sealed record HubSpotPipelines
{
    public IReadOnlyList<HubSpotPipeline> Results { get; set => field = [.. value.OfType<HubSpotPipeline>()]; } = [];
}

internal sealed record HubSpotPipeline
{
    public required string Id { get; init; }

    public int DisplayOrder { get; set; }

    public bool Archived { get; set; }

    public IReadOnlyList<HubSpotStage> Stages { get; set => field = [.. value.OfType<HubSpotStage>()]; } = [];
}

internal sealed record HubSpotStage
{
    public required string Id { get; init; }

    public string Label { get; set; } = "";

    public int DisplayOrder { get; set; }

    public bool Archived { get; set; }

    /// <summary>Texts, such as <c>isClosed</c> of a deal's stage and <c>ticketState</c> of a ticket's.</summary>
    public Dictionary<string, JsonElement> Metadata { get; set; } = [];

    public bool IsOpen => !Archived && !Says("isClosed", "true") && !Says("ticketState", "CLOSED");

    private bool Says(string name, string value) => Metadata.TryGetValue(name, out var said)
        && string.Equals(said.ValueKind == JsonValueKind.String ? said.GetString() : said.GetRawText(), value, StringComparison.OrdinalIgnoreCase);
}

internal sealed record HubSpotSchemas
{
    public IReadOnlyList<HubSpotSchema> Results { get; set => field = [.. value.OfType<HubSpotSchema>()]; } = [];
}

/// <summary>A custom object type.</summary>
internal sealed record HubSpotSchema
{
    public required string ObjectTypeId { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<string> RequiredProperties { get; set => field = [.. value.OfType<string>()]; } = [];
}
