using System.Collections.Immutable;
using Vorel.Core.Storage;

namespace Vorel.Core.Records;

/// <summary>Records as columns: each field under its own name, our bookkeeping under names that no field has.</summary>
internal static class RecordColumns
{
    private const string Version = "vorel_version";
    private const string UpdatedAt = "vorel_updated_at";
    private const string Milestones = "vorel_milestones";
    private const string LastSequence = "vorel_last_sequence";
    private const string Displaced = "vorel_displaced";
    private const string System = "vorel_system";
    private const string ExternalId = "vorel_external_id";
    private const string Url = "vorel_url";
    private const string SyncedVersion = "vorel_synced_version";
    private const string SyncedAt = "vorel_synced_at";

    public static IReadOnlyDictionary<string, object> Write(RecordRow record)
    {
        var columns = new Columns()
            .Set("id", record.Id)
            .Set(Version, record.Version)
            .Set(UpdatedAt, record.UpdatedAt)
            .Set(Milestones, record.Milestones.Count == 0 ? null : string.Join(' ', record.Milestones))
            .Set(LastSequence, record.LastSequence == 0 ? null : record.LastSequence)
            .Set(Displaced, record.Displaced ? true : null)
            .Set(System, record.Sync?.System)
            .Set(ExternalId, record.Sync?.ExternalId)
            .Set(Url, record.Sync?.Url)
            .Set(SyncedVersion, record.Sync?.Version)
            .Set(SyncedAt, record.Sync?.At);
        foreach (var (name, value) in record.Values)
        {
            columns.Set(name, value);
        }

        return columns.Values;
    }

    public static Stored<RecordRow> Read(RecordKind kind, Row row)
    {
        var columns = new Columns(row.Columns);
        var values = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var field in kind.Fields)
        {
            if (row.Columns.ContainsKey(field.Name) || !field.Nullable)
            {
                values[field.Name] = Value(columns, field);
            }
        }

        var externalId = columns.TextOrNull(ExternalId);
        return new Stored<RecordRow>(
            kind.Empty with
            {
                Id = columns.Id("id"),
                Version = columns.Number(Version),
                UpdatedAt = columns.Time(UpdatedAt),
                Milestones = [.. columns.TextOrNull(Milestones)?.Split(' ') ?? []],
                LastSequence = columns.NumberOrNull(LastSequence) ?? 0,
                Displaced = columns.Flag(Displaced),
                Values = values.ToImmutable(),
                Sync = externalId is null
                    ? null
                    // As in connections from before there was the column.
                    : new RecordSync(columns.TextOrNull(System) ?? "", externalId, columns.TextOrNull(Url), columns.Number(SyncedVersion), columns.Time(SyncedAt)),
            },
            row.ETag);
    }

    /// <summary>What a field holds, in its own type. A row from before there was the field has what a create without it gets.</summary>
    private static object Value(Columns columns, RecordField field) => field switch
    {
        { Default: { } value } when !columns.Values.ContainsKey(field.Name) => value,
        { Type: FieldType.Integer } => columns.Number(field.Name),
        { Type: FieldType.Reference } => columns.Id(field.Name),
        { Type: FieldType.Moment } => columns.Time(field.Name),
        { Type: FieldType.Attributes or FieldType.Links } => columns.Binary(field.Name),
        _ => columns.Text(field.Name),
    };
}
