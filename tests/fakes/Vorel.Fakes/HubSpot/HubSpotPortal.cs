using System.Collections.Concurrent;

namespace Vorel.Fakes.HubSpot;

/// <summary>An account ("portal"): what it is, and what kinds of records, properties and pipelines it has.</summary>
public sealed class HubSpotPortal
{
    private readonly List<HubSpotObjectType> _types = [.. HubSpotObjectType.Standard];
    private readonly ConcurrentDictionary<(string Type, string Name), HubSpotProperty> _properties = new();
    private readonly Dictionary<string, List<HubSpotPipeline>> _pipelines = new(StringComparer.Ordinal)
    {
        ["deals"] = [HubSpotPipeline.Sales],
        ["tickets"] = [HubSpotPipeline.Support],
    };

    internal HubSpotPortal()
    {
        foreach (var type in _types)
        {
            foreach (var property in HubSpotStandardProperties.Of(type))
            {
                Add(type.Name, property);
            }
        }
    }

    /// <summary>Its number.</summary>
    public long Id { get; init; } = 145_678_901;

    /// <summary>The host of its pages.</summary>
    public string UiDomain { get; init; } = "app-eu1.hubspot.com";

    /// <summary>Custom kinds of records, with the JSON of their schema.</summary>
    internal List<HubSpotObjectType> Custom { get; } = [];

    /// <summary>The types.</summary>
    internal IReadOnlyList<HubSpotObjectType> Types => _types;

    /// <summary>Adds a property to a kind of records, or replaces it.</summary>
    public void Add(string type, HubSpotProperty property) => _properties[(type, property.Name)] = property;

    /// <summary>Takes a property away.</summary>
    public void RemoveProperty(string type, string name) => _properties.TryRemove((type, name), out _);

    /// <summary>Adds a pipeline for <c>deals</c> or <c>tickets</c>.</summary>
    public void Add(string type, HubSpotPipeline pipeline) => _pipelines[type].Add(pipeline);

    /// <summary>Adds a kind of records of the account's own, such as <c>2-1234</c>, with its properties.</summary>
    public void Add(HubSpotObjectType type, params IEnumerable<HubSpotProperty> properties)
    {
        _types.Add(type);
        Custom.Add(type);
        foreach (var property in properties.Concat(HubSpotStandardProperties.Of(type)))
        {
            Add(type.Name, property);
        }
    }

    internal HubSpotObjectType Type(string name) =>
        _types.Find(type => type.Name == name || type.Id == name || string.Equals(type.Singular, name, StringComparison.OrdinalIgnoreCase))
        ?? throw HubSpotErrors.NoObjectType(name);

    internal HubSpotProperty? Property(HubSpotObjectType type, string name) =>
        _properties.GetValueOrDefault((type.Name, name)) is { } property ? Complete(type, property) : null;

    internal IEnumerable<HubSpotProperty> Properties(HubSpotObjectType type) =>
        _properties.Where(entry => entry.Key.Type == type.Name).OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).Select(entry => Complete(type, entry.Value));

    internal IReadOnlyList<HubSpotPipeline> Pipelines(HubSpotObjectType type) => _pipelines.GetValueOrDefault(type.Name) ?? [];

    private HubSpotProperty Complete(HubSpotObjectType type, HubSpotProperty property) =>
        property.Name == type.Stages?.Pipeline ? property with { Options = [.. Pipelines(type).Select(pipeline => (pipeline.Id, pipeline.Label))] }
        : property.Name == type.Stages?.Stage ? property with { Options = [.. Pipelines(type).SelectMany(pipeline => pipeline.Stages).Select(stage => (stage.Id, stage.Label))] }
        : property;
}
