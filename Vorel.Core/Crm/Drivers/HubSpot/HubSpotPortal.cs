using Vorel.Core.Crm.Http;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>What an account has: which properties of those that we write, and its pipelines. Remembered for minutes; what is ours and missing is made.</summary>
internal sealed class HubSpotPortal(HubSpotClient client)
{
    /// <summary>The properties of an object that can be written, of those that we know.</summary>
    public async Task<IReadOnlySet<string>> Writable(HubSpotShape shape, CancellationToken cancellationToken)
    {
        var known = await client.Line.Recall(NameOf(shape), HubSpotDefaults.Fresh, () => Look(shape, cancellationToken));
        return known.Writable;
    }

    /// <summary>Whether an account has a property that can be read.</summary>
    public async Task<bool> Has(HubSpotShape shape, string property, CancellationToken cancellationToken) =>
        (await client.Line.Recall(NameOf(shape), HubSpotDefaults.Fresh, () => Look(shape, cancellationToken))).Readable.Contains(property);

    /// <summary>Looks again after HubSpot has refused what went by memory; whether anything was different, or missing and made.</summary>
    public async Task<bool> HasChanged(HubSpotShape shape, IReadOnlySet<string> remembered, CancellationToken cancellationToken)
    {
        client.Line.Forget(NameOf(shape));
        var known = await client.Line.Recall(NameOf(shape), HubSpotDefaults.Fresh, () => Look(shape, cancellationToken));
        return known.IsMended || !known.Writable.SetEquals(remembered);
    }

    /// <summary>
    /// Where a new deal or ticket begins: the stage that is named, by id or label, or the first open stage of the first pipeline.
    /// </summary>
    /// <exception cref="CrmException">There is no such stage.</exception>
    public async Task<(string Pipeline, string Stage)> Stage(HubSpotShape shape, string? named, CancellationToken cancellationToken)
    {
        var pipelines = await client.Line.Recall($"pipelines:{shape.Slug}", HubSpotDefaults.Fresh, () => client.Pipelines(shape.Slug, cancellationToken));
        var stages = pipelines.Results
            .Where(pipeline => !pipeline.Archived)
            .OrderBy(pipeline => pipeline.DisplayOrder)
            .SelectMany(pipeline => pipeline.Stages.Where(stage => !stage.Archived).OrderBy(stage => stage.DisplayOrder).Select(stage => (Pipeline: pipeline.Id, Stage: stage)))
            .ToList();
        var found = named is null
            ? stages.FirstOrDefault(stage => stage.Stage.IsOpen)
            : stages.FirstOrDefault(stage => stage.Stage.Id == named || stage.Stage.Label.Equals(named, StringComparison.OrdinalIgnoreCase));
        return found.Stage is { } stage
            ? (found.Pipeline, stage.Id)
            : throw HubSpotErrors.Invalid(named is null ? "HubSpot has no open stage for this record." : "HubSpot has no such stage.");
    }

    private async Task<Known> Look(HubSpotShape shape, CancellationToken cancellationToken)
    {
        var all = (await client.Properties(shape.Slug, cancellationToken)).Results.Where(property => !property.Archived).ToList();
        var isMended = false;
        foreach (var (name, isUnique) in shape.Own)
        {
            isMended |= await Ensure(shape, all, name, isUnique, cancellationToken);
        }

        // Only what we may ask for: an account may have a thousand more.
        var wanted = HubSpotFields.AllProperties.Concat(HubSpotPeople.Numbers).ToHashSet(StringComparer.Ordinal);
        return new Known(
            all.Where(property => !property.IsReadOnly).Select(property => property.Name).Concat(shape.Own.Keys).Where(wanted.Contains).ToHashSet(StringComparer.Ordinal),
            all.Select(property => property.Name).Concat(shape.Own.Keys).Where(wanted.Contains).ToHashSet(StringComparer.Ordinal),
            isMended);
    }

    /// <summary>Whether a property of ours had to be made.</summary>
    private async Task<bool> Ensure(HubSpotShape shape, List<HubSpotProperty> all, string name, bool isUnique, CancellationToken cancellationToken)
    {
        if (all.Find(property => property.Name == name) is { } there)
        {
            if (isUnique && !there.HasUniqueValue)
            {
                throw HubSpotErrors.Invalid($"The property {name} of {shape.Slug} is not unique, so Vorel did not make it: delete it at HubSpot.");
            }

            return false;
        }

        var group = all.Find(property => property.Name == shape.Title)?.GroupName
            ?? throw HubSpotErrors.Invalid($"HubSpot does not show the property {shape.Title} of {shape.Slug}.");
        var (label, description) = name switch
        {
            HubSpotFields.Key => ("Vorel key", "Keeps Vorel from writing a record twice. Do not change it."),
            HubSpotFields.BusinessId => ("Vorel external id", "The id that the business itself knows the customer by."),
            _ => ("Vorel details", "What Vorel knows of the record and no other property holds."),
        };
        await client.CreateProperty(
            shape.Slug, new HubSpotNewProperty(name, label, group, description, isUnique, name == HubSpotFields.Details ? "textarea" : "text"), cancellationToken);
        return true;
    }

    private static string NameOf(HubSpotShape shape) => $"properties:{shape.Slug}:{shape.Own.Count}";

    private sealed record Known(IReadOnlySet<string> Writable, IReadOnlySet<string> Readable, bool IsMended);
}
