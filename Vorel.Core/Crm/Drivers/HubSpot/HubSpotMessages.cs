using System.Text.Json.Serialization;

namespace Vorel.Core.Crm.Drivers.HubSpot;

// What is read has setters: of what an answer leaves out the value stands that is given here, and an entry of a list that is null is none.

/// <summary>A record. Every value is a text.</summary>
internal sealed record HubSpotRecord
{
    public required string Id { get; init; }

    public Dictionary<string, string?> Properties { get; set; } = [];

    public DateTimeOffset? UpdatedAt { get; set; }

    public string? Property(string name) => Properties.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public override string ToString() => nameof(HubSpotRecord);
}

internal sealed record HubSpotRecords
{
    public IReadOnlyList<HubSpotRecord> Results { get; set => field = [.. value.OfType<HubSpotRecord>()]; } = [];
}

internal sealed record HubSpotWrite(IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>Of a create alone.</summary>
    public IReadOnlyList<HubSpotAssociation>? Associations { get; init; }

    public override string ToString() => nameof(HubSpotWrite);
}

internal sealed record HubSpotAssociation(HubSpotId To, IReadOnlyList<HubSpotAssociationType> Types);

internal sealed record HubSpotAssociationType(string AssociationCategory, int AssociationTypeId);

internal sealed record HubSpotId(string Id)
{
    public override string ToString() => nameof(HubSpotId);
}

internal sealed record HubSpotSearch(IReadOnlyList<string> Properties, int Limit)
{
    public IReadOnlyList<HubSpotFilterGroup>? FilterGroups { get; init; }

    public IReadOnlyList<HubSpotSort>? Sorts { get; init; }

    public string? Query { get; init; }

    public override string ToString() => nameof(HubSpotSearch);
}

/// <summary>Filters that must all hold; of several groups one is enough.</summary>
internal sealed record HubSpotFilterGroup(IReadOnlyList<HubSpotFilter> Filters);

internal sealed record HubSpotFilter(string PropertyName, string Operator, string? Value = null)
{
    public IReadOnlyList<string>? Values { get; init; }

    public override string ToString() => nameof(HubSpotFilter);
}

internal sealed record HubSpotSort(string PropertyName, string Direction);

internal sealed record HubSpotBatchRead(string IdProperty, IReadOnlyList<string> Properties, IReadOnlyList<HubSpotId> Inputs);

internal sealed record HubSpotAssociatedRecords
{
    public IReadOnlyList<HubSpotAssociatedRecord> Results { get; set => field = [.. value.OfType<HubSpotAssociatedRecord>()]; } = [];
}

internal sealed record HubSpotAssociatedRecord(long ToObjectId);

internal sealed record HubSpotGdprDelete(string ObjectId);

internal sealed record HubSpotAccount
{
    public required long PortalId { get; init; }

    public string? UiDomain { get; set; }
}

/// <summary>What the connection was made with, beside the tokens.</summary>
internal sealed record HubSpotCredentials
{
    public IReadOnlyList<string> Scopes { get; set => field = [.. value.OfType<string>()]; } = [];

    public required long PortalId { get; init; }

    public string? UiDomain { get; set; }

    /// <summary>Whether contacts are deleted for good, which nobody can take back and which may block the address. Off unless asked for.</summary>
    public bool GdprDelete { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(HubSpotAccount))]
[JsonSerializable(typeof(HubSpotAssociatedRecords))]
[JsonSerializable(typeof(HubSpotBatchRead))]
[JsonSerializable(typeof(HubSpotError))]
[JsonSerializable(typeof(HubSpotGdprDelete))]
[JsonSerializable(typeof(HubSpotNewProperty))]
[JsonSerializable(typeof(HubSpotPipelines))]
[JsonSerializable(typeof(HubSpotProperties))]
[JsonSerializable(typeof(HubSpotRecord))]
[JsonSerializable(typeof(HubSpotRecords))]
[JsonSerializable(typeof(HubSpotSchemas))]
[JsonSerializable(typeof(HubSpotSearch))]
[JsonSerializable(typeof(HubSpotWrite))]
internal sealed partial class HubSpotJson : JsonSerializerContext;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(HubSpotCredentials))]
internal sealed partial class HubSpotCredentialsJson : JsonSerializerContext;
