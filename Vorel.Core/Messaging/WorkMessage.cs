using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vorel.Core.Ids;
using Vorel.Core.Records;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Tenants;

namespace Vorel.Core.Messaging;

/// <summary>A message on one of the <see cref="WorkQueues"/>. It holds ids only: the rows decide.</summary>
public abstract record WorkMessage
{
    // A new kind of message on a queue that is in use is a new version too.
    private const int Version = 1;

    /// <summary>A write was announced: look at its outbox row.</summary>
    public sealed record Intent(TenantId Tenant, string Row) : WorkMessage;

    /// <summary>Look whether a record has reached the CRM. <paramref name="Mark"/>: what the check before this one left on the todo row; null for a first one.</summary>
    public sealed record Check(TenantId Tenant, RecordKind Kind, Guid Record, DateTimeOffset? Mark = null) : WorkMessage;

    /// <summary>Go on with a redrive from behind the todo row <paramref name="After"/>, from the first if null, if that is how far it has come.</summary>
    public sealed record Redrive(TenantId Tenant, Guid Id, string? After) : WorkMessage;

    /// <summary>Go on with a rewrap from behind <paramref name="After"/>, from the first row if null, if that is how far it has come.</summary>
    public sealed record Rewrap(Guid Id, string? After) : WorkMessage;

    /// <summary>There is more for the retention sweep to do, of whichever tenants.</summary>
    public sealed record Sweep : WorkMessage;

    /// <summary>The message as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        this switch
        {
            Intent intent => new WorkMessageJson(Version, "intent", intent.Tenant.ToString(), Row: intent.Row),
            Check check => new WorkMessageJson(Version, "check", check.Tenant.ToString(), Record: RecordNames.Of(check.Kind.Name, check.Record), After: check.Mark?.ToString("O", CultureInfo.InvariantCulture)),
            Redrive redrive => new WorkMessageJson(Version, "redrive", redrive.Tenant.ToString(), Id: redrive.Id.ToString("D"), After: redrive.After),
            Rewrap rewrap => new WorkMessageJson(Version, "rewrap", Id: rewrap.Id.ToString("D"), After: rewrap.After),
            Sweep => new WorkMessageJson(Version, "sweep"),
            _ => throw new InvalidOperationException("A work message of an unknown kind."),
        },
        WorkMessageJsonContext.Default.WorkMessageJson);

    /// <summary>Reads a message; null when it is none of this version's.</summary>
    public static WorkMessage? Parse(string json)
    {
        var message = Read(json);
        if (message is { V: Version, Kind: "sweep", Tenant: null, Id: null, Row: null, Record: null, After: null })
        {
            return new Sweep();
        }

        if (message is { V: Version, Kind: "rewrap", Tenant: null, Id: { } rewrap, Row: null, Record: null, After: var place }
            && Uuid7.TryParse(rewrap, out var parsed)
            && (place is null || RewrapCursor.Parse(place)?.ToString() == place))
        {
            return new Rewrap(parsed, place);
        }

        if (message is not { V: Version } || !TenantId.TryParse(message.Tenant, out var tenant))
        {
            return null;
        }

        return message switch
        {
            { Kind: "intent", Id: null, Row: { } row, Record: null, After: null } when RecordKeys.IsOutbox(row) => new Intent(tenant, row),
            { Kind: "check", Id: null, Row: null, Record: { } record, After: null } when RecordNames.Parse(record) is ({ } kind, var id) => new Check(tenant, kind, id),
            { Kind: "check", Id: null, Row: null, Record: { } record, After: { } mark } when RecordNames.Parse(record) is ({ } kind, var id) && ParseMark(mark) is { } at =>
                new Check(tenant, kind, id, at),
            { Kind: "redrive", Id: { } text, Row: null, Record: null, After: var after }
                when Uuid7.TryParse(text, out var id) && (after is null || RecordKeys.IsTodo(after)) => new Redrive(tenant, id, after),
            _ => null,
        };
    }

    /// <summary>
    /// Whether a text that is no message of this version may be one of a newer version, beside which this one still runs: it states a
    /// later number, or checks a record of a kind that came later.
    /// </summary>
    public static bool MayBeOfAnotherVersion(string json) => StatesLaterVersion(json) || ChecksUnknownKind(Read(json));

    private static WorkMessageJson? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WorkMessageJsonContext.Default.WorkMessageJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool ChecksUnknownKind(WorkMessageJson? message) =>
        message is { V: Version, Kind: "check", Id: null, Row: null, Record: { } record, After: var mark }
        && TenantId.TryParse(message.Tenant, out _)
        && RecordNames.Parse(record) is (null, _)
        && (mark is null || ParseMark(mark) is not null);

    private static bool StatesLaterVersion(string json)
    {
        try
        {
            using var message = JsonDocument.Parse(json);
            return message.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("v", out var stated)
                && stated.ValueKind == JsonValueKind.Number
                && stated.TryGetInt32(out var version)
                && version > Version;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter: a member whose name is no text, such as one half of a surrogate pair.
            return false;
        }
    }

    private static DateTimeOffset? ParseMark(string text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var mark) ? mark : null;
}

/// <summary>The form of a work message on the wire.</summary>
internal sealed record WorkMessageJson(int V, string Kind, string? Tenant = null, string? Id = null, string? Row = null, string? Record = null, string? After = null);

/// <summary>Strict: an unknown member makes a message unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(WorkMessageJson))]
internal sealed partial class WorkMessageJsonContext : JsonSerializerContext;
