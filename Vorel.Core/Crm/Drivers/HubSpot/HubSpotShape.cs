namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>What one of our object types is at HubSpot.</summary>
/// <param name="Slug">HubSpot's object.</param>
/// <param name="TypeId">Its number, as in links.</param>
/// <param name="Title">A property that every account has: ours are put into its group.</param>
/// <param name="Modified">The property that says when a record changed last.</param>
/// <param name="Fields">The property of each canonical field that has one. What has none goes, readable, into <see cref="HubSpotFields.Details"/>.</param>
internal sealed record HubSpotShape(string Slug, string TypeId, string Title, string Modified, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Whether the property with our key can be unique there; else records are searched by it.</summary>
    public bool KeyIsUnique { get; init; }

    /// <summary>The body in HTML that people see, if the details are shown there too.</summary>
    public string? Body { get; init; }

    /// <summary>Whether the body is ours alone, so that an update may write it anew.</summary>
    public bool OwnsBody { get; init; }

    /// <summary>The properties of the pipeline and its stage, if it has any.</summary>
    public (string Pipeline, string Stage)? Stages { get; init; }

    /// <summary>The properties without which HubSpot takes no new record.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Our own properties there: whether each is unique.</summary>
    public IReadOnlyDictionary<string, bool> Own { get; init; } = new Dictionary<string, bool>();

    /// <summary>All properties that are read.</summary>
    public IReadOnlyList<string> Read => [.. Fields.Values.Concat(Own.Keys).Append(Modified).Distinct(StringComparer.Ordinal)];
}
