using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>Checks the values that a record is to have.</summary>
internal sealed class HubSpotValidation(HubSpotPortal portal, HubSpotStore store)
{
    private const int LongestText = 65_536;

    /// <summary>The values, each as it is kept; nothing where it is to be cleared.</summary>
    /// <param name="type">The kind of record.</param>
    /// <param name="properties">What came.</param>
    /// <param name="record">The record that gets them; null if it is yet to be.</param>
    public IReadOnlyDictionary<string, string> Read(HubSpotObjectType type, JsonObject properties, HubSpotRecord? record)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var findings = new List<HubSpotFinding>();
        foreach (var (name, node) in properties)
        {
            if (node?.GetValueKind() != JsonValueKind.String)
            {
                throw HubSpotErrors.InvalidJson($"Cannot deserialize value of `java.lang.String` (through reference chain: [\"properties\"]->[\"{name}\"])");
            }

            var value = node.GetValue<string>();
            if (Check(type, name, value, record) is { } finding)
            {
                findings.Add(finding);
            }
            else
            {
                values[name] = name == "email" ? value.ToLowerInvariant() : value;
            }
        }

        Stage(type, values, record, findings);
        return findings.Count == 0 ? values : throw HubSpotErrors.InvalidValues(findings, portal.Id);
    }

    private HubSpotFinding? Check(HubSpotObjectType type, string name, string value, HubSpotRecord? record)
    {
        if (portal.Property(type, name) is not { } property)
        {
            return new(name, "PROPERTY_DOESNT_EXIST", $"Property \"{name}\" does not exist");
        }

        if (property.ReadOnly)
        {
            return new(name, "READ_ONLY_VALUE", $"\"{name}\" is a read only property; its value cannot be set.");
        }

        return value.Length == 0 ? null : property switch
        {
            { Name: "email" } when !IsEmail(value) => new(name, "INVALID_EMAIL", $"Email address {value} is invalid"),
            { Name: "email" } when type.Name == "contacts" => null, // Its conflicts have an answer of their own.
            { HasUniqueValue: true } when store.Holder(type, name, value) is { } other && other.Id != record?.Id => new(
                name, "CONFLICTING_UNIQUE_VALUE", $"Cannot set {name} to {value}. {other.Id} already has that value."),
            { Type: "number" } when !HubSpotValue.TryNumber(value, out _) => new(name, "INVALID_NUMBER", $"{value} was not a valid number."),
            { Type: "bool" } when value is not ("true" or "false") => new(name, "INVALID_BOOLEAN", $"{value} was not a valid boolean."),
            { Type: "datetime" or "date" } when !HubSpotValue.TryTime(value, out _) => new(name, "INVALID_DATE", $"{value} was not a valid date."),
            { Type: "enumeration" } when value.Split(';').Any(one => property.Options.All(option => option.Value != one)) => new(
                name, "INVALID_OPTION", $"{value} was not one of the allowed options: [{string.Join(", ", property.Options.Select(option => option.Value))}]"),
            { Type: "string" } when value.Length > LongestText => new(name, "INVALID_LENGTH", $"{name} is longer than {LongestText} characters"),
            _ => null,
        };
    }

    // A stage is one of its pipeline's.
    private void Stage(HubSpotObjectType type, Dictionary<string, string> values, HubSpotRecord? record, List<HubSpotFinding> findings)
    {
        if (type.Stages is not { } names || findings.Exists(finding => finding.Property == names.Pipeline || finding.Property == names.Stage))
        {
            return;
        }

        var pipeline = values.GetValueOrDefault(names.Pipeline) ?? record?[names.Pipeline];
        var stage = values.GetValueOrDefault(names.Stage) ?? record?[names.Stage];
        if (pipeline is not null && stage is not null
            && portal.Pipelines(type).FirstOrDefault(one => one.Id == pipeline) is { } found && found.Stages.All(one => one.Id != stage))
        {
            findings.Add(new(names.Stage, "INVALID_OPTION", $"{stage} is not a stage of the pipeline {pipeline}"));
        }
    }

    private static bool IsEmail(string value) => value.Split('@') is [{ Length: > 0 }, var domain] && domain.Contains('.', StringComparison.Ordinal)
        && !value.Any(char.IsWhiteSpace) && !domain.StartsWith('.') && !domain.EndsWith('.');
}
