using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Storage.Gate;

/// <summary>
/// What ADR 0003 asks of row types and of kinds of records, as one list of sentences, one for each violation. The product must give none; a sample that
/// breaks a rule must give its sentence, or the rule would be one in name alone.
/// </summary>
internal sealed partial class RowGate(string adr, IReadOnlyCollection<Type> rows, IReadOnlyCollection<RecordKind> mirrored, IReadOnlyCollection<RecordKind> others)
{
    /// <summary>The row types of an assembly.</summary>
    public static IReadOnlyList<Type> RowsOf(Assembly assembly) =>
    [
        .. assembly.GetTypes().Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(RecordRow))
            || type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRow<>)))),
    ];

    /// <summary>A record of a kind that has a value in each of its fields.</summary>
    public static RecordRow Sample(RecordKind kind, DateTimeOffset at) => kind.Empty with
    {
        Id = Guid.CreateVersion7(at),
        UpdatedAt = at,
        Values = kind.Fields.ToImmutableDictionary(field => field.Name, field => field.Type switch
        {
            FieldType.Integer => 1L,
            FieldType.Reference => Guid.CreateVersion7(at),
            FieldType.Moment => at,
            FieldType.Attributes or FieldType.Links => Array.Empty<byte>(),
            _ => (object)"x",
        }),
    };

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Violations() => [.. Classes(), .. Decisions(), .. rows.SelectMany(Content), .. mirrored.SelectMany(Mirrored), .. others.SelectMany(NotMirrored)];

    private static DataClassAttribute? ClassOf(Type row) => row.GetCustomAttribute<DataClassAttribute>();

    private static string Text(DataClassAttribute declared) =>
        $"{Letter(declared.DataClass)} {declared.RetentionDays}{(declared.Copy ? " copy" : "")}";

    private static char Letter(DataClass of) => of switch { DataClass.InFlight => 'a', DataClass.Telemetry => 'b', DataClass.CustomerContent => 'c', _ => 'd' };

    private IEnumerable<string> Classes() => rows.Where(row => ClassOf(row) is null).Select(row => $"{row.Name} has no class.");

    /// <summary>The source and the decision record say the same.</summary>
    private IEnumerable<string> Decisions()
    {
        var decided = TableLine().Matches(adr).ToDictionary(
            line => line.Groups["type"].Value, line => $"{line.Groups["class"].Value} {line.Groups["days"].Value}{(line.Groups["copy"].Success ? " copy" : "")}");
        foreach (var row in rows)
        {
            if (ClassOf(row) is not { } declared)
            {
                continue;
            }

            if (declared.Adr != "0003")
            {
                yield return $"{row.Name} names ADR {declared.Adr}, which locks no window.";
            }

            if (!decided.TryGetValue(row.Name, out var decision))
            {
                yield return $"{row.Name} is not in the ADR.";
            }
            else if (decision != Text(declared))
            {
                yield return $"{row.Name} declares {Text(declared)}, the ADR says {decision}.";
            }
        }

        foreach (var name in decided.Keys.Except(rows.Select(row => row.Name)))
        {
            yield return $"The ADR has {name}, which is no row type.";
        }
    }

    private IEnumerable<string> Content(Type row)
    {
        if (ClassOf(row) is not { } declared)
        {
            yield break;
        }

        if (declared is { DataClass: DataClass.CustomerContent, Copy: false } && mirrored.All(kind => kind.Empty.GetType() != row))
        {
            yield return $"{row.Name} is customer content, but neither of a kind that is mirrored nor a copy.";
        }

        if (declared is { DataClass: DataClass.CustomerContent, RetentionDays: 0 })
        {
            yield return $"{row.Name} is customer content without a window.";
        }

        if (declared.Copy && declared.DataClass != DataClass.CustomerContent)
        {
            yield return $"{row.Name} is a copy, but not of customer content.";
        }
    }

    private IEnumerable<string> Mirrored(RecordKind kind)
    {
        if (ClassOf(kind.Empty.GetType()) is not { DataClass: DataClass.CustomerContent, Copy: false } declared)
        {
            yield return $"{kind} is mirrored, but {kind.Empty.GetType().Name} is not declared as customer content.";
            yield break;
        }

        if (kind.CrmObject is null)
        {
            yield return $"{kind} is mirrored, but nothing in a CRM.";
        }

        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var record = Sample(kind, now);
        if (record.Debt is not { } debt || debt.Kind != kind.Name)
        {
            yield return $"{kind} is mirrored, but its insert leaves no debt to the CRM.";
        }

        if (record.IsExpired(DateTimeOffset.MaxValue) || record.PurgeDue is not null)
        {
            yield return $"{kind} is over though no CRM holds it.";
        }

        // Its own moments are all at the insert, so that the window is all there is.
        if (record.WindowEnd(now) != now.AddDays(declared.RetentionDays) || record.WindowEnd(now.AddDays(5)) != now.AddDays(5 + declared.RetentionDays))
        {
            yield return $"{kind} does not end {declared.RetentionDays} days after insert and CRM success.";
        }
    }

    /// <summary>What is not mirrored must hold nothing of a customer's, as far as fields tell.</summary>
    private static IEnumerable<string> NotMirrored(RecordKind kind) =>
    [
        .. kind.Fields.Where(field => field.Type is FieldType.Phone or FieldType.Email).Select(field => $"{kind} is not mirrored, but its field {field.Name} is a customer's."),
        .. kind.Fields.Where(field => RecordKinds.Find(field.Refers) is not null).Select(field => $"{kind} is not mirrored, but its field {field.Name} points to a record that is."),
        .. ClassOf(kind.Empty.GetType()) is { DataClass: DataClass.CustomerContent } ? [$"{kind} is customer content, but not mirrored."] : Array.Empty<string>(),
    ];

    [GeneratedRegex(@"^\| (?<type>\w+Row) \| (?<class>[abcd]) \| (?<days>\d+) \|( (?<copy>copy))? \|\r?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableLine();
}
