using System.Text.Json.Nodes;
using Vorel.Core.Json;
using Vorel.Core.Records;

namespace Vorel.Core.Crm.Mirror;

/// <summary>A record as canonical CRM fields.</summary>
internal static class MirrorFields
{
    /// <summary>For a create: every field that has a value, those that our API does not show included, for the CRM is where they live on.</summary>
    public static CrmFields ForCreate(RecordRow record)
    {
        var fields = new JsonObject();
        foreach (var field in record.Kind.Fields.Where(field => field.Mirrored && record.Values.ContainsKey(field.Name)))
        {
            fields[field.Name] = Value(record.Values[field.Name]);
        }

        return new CrmFields(fields);
    }

    /// <summary>
    /// For an update: every field that can change, by a request or by us, null where it was cleared. Versions may be skipped on the way, so what
    /// changed since the last write is not known; the whole is right whatever was skipped.
    /// </summary>
    public static CrmFields ForUpdate(RecordRow record)
    {
        var fields = new JsonObject();
        foreach (var field in record.Kind.Fields.Where(field => field.Updatable || field.Ours))
        {
            fields[field.Name] = record.Values.TryGetValue(field.Name, out var value) ? Value(value) : null;
        }

        return new CrmFields(fields);
    }

    /// <summary>For messages of one conversation, oldest first: the whole batch is one write. Its numbers are those of its key, whatever was erased since.</summary>
    public static CrmFields ForBatch(TranscriptBatch batch) => new(new JsonObject
    {
        ["conversation_id"] = batch.Debt.Row.Record.ToString("D"),
        ["first_sequence_number"] = batch.First,
        ["last_sequence_number"] = batch.Last,
        ["messages"] = new JsonArray([.. batch.Messages.Select(OneOf)]),
    });

    /// <summary>How many bytes a message takes in a batch.</summary>
    public static int SizeOf(MessageRow message) => CrmJson.SizeOf(OneOf(message));

    private static JsonObject OneOf(MessageRow message)
    {
        var fields = ForCreate(message).Values;
        fields.Remove("conversation_id");
        fields.Insert(0, "id", message.Id.ToString("D"));
        fields["created_at"] = WireTime.Format(message.CreatedAt);
        return fields;
    }

    private static JsonNode? Value(object value) => value switch
    {
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        Guid id => JsonValue.Create(id.ToString("D")),
        DateTimeOffset moment => JsonValue.Create(WireTime.Format(moment)),
        byte[] json => JsonNode.Parse(json),
        _ => throw new InvalidOperationException($"A record holds a value of type {value.GetType().Name}."),
    };
}
