using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>The batch endpoints.</summary>
internal sealed class HubSpotBatches(HubSpotPortal portal, HubSpotStore store, HubSpotObjects objects)
{
    private const int MostInputs = 100;
    private const string Trace = "objectWriteTraceId";

    public HubSpotAnswer Answer(HubSpotCall call, HubSpotObjectType type, string verb)
    {
        call.Knows("archived");
        var body = verb == "read" ? call.Json("inputs", "properties", "propertiesWithHistory", "idProperty") : call.Json("inputs");
        var inputs = body["inputs"] as JsonArray ?? throw HubSpotErrors.InvalidJson("Some required fields were not set: [inputs]");
        if (inputs.Count is 0 or > MostInputs)
        {
            throw HubSpotErrors.Invalid($"A batch has 1 to {MostInputs} inputs");
        }

        // Where every input can be told by its trace id, what is wrong with one is told beside the results of the others.
        var isEachAlone = verb == "read" || (verb != "archive" && inputs.All(input => input?[Trace] is not null));
        var (results, errors) = (new JsonArray(), new JsonArray());
        store.Whole(() =>
        {
            foreach (var input in inputs)
            {
                try
                {
                    if (One(type, verb, body, input) is { } result)
                    {
                        results.Add(result);
                    }
                }
                catch (HubSpotRefusal refusal) when (isEachAlone)
                {
                    errors.Add(Problem(refusal, input));
                }
            }

            return results;
        });

        var now = HubSpotValue.Text(store.Now);
        var answer = new JsonObject { ["status"] = "COMPLETE", ["results"] = results, ["startedAt"] = now, ["completedAt"] = now };
        if (errors.Count > 0)
        {
            answer["numErrors"] = errors.Count;
            answer["errors"] = errors;
        }

        return verb == "archive" ? HubSpotAnswer.NoContent : HubSpotAnswer.Json(errors.Count > 0 ? 207 : verb == "create" ? 201 : 200, answer);
    }

    private JsonObject? One(HubSpotObjectType type, string verb, JsonObject body, JsonNode? input)
    {
        switch (verb)
        {
            case "create":
                return Written(type, objects.Create(type, HubSpotCall.Members(input, "properties", "associations", Trace)), input);
            case "update":
                return Written(type, objects.Update(type, Find(type, HubSpotCall.Members(input, "id", "idProperty", "properties", Trace)), input!.AsObject()), input);
            case "upsert":
                return Upsert(type, HubSpotCall.Members(input, "id", "idProperty", "properties", Trace));
            case "read":
                var found = store.Find(portal, type, HubSpotValue.Id(HubSpotCall.Members(input, "id")["id"]), HubSpotValue.Member(body, "idProperty"));
                return objects.ToJson(type, found, HubSpotValue.List(body, "properties") is { Length: > 0 } asked ? asked : type.Defaults);
            default:
                // What is not there is as good as archived.
                if (store.Records.TryGetValue(HubSpotValue.Id(HubSpotCall.Members(input, "id")["id"]), out var record) && record.Type == type.Name)
                {
                    objects.Archive(record);
                }

                return null;
        }
    }

    private HubSpotRecord Find(HubSpotObjectType type, JsonObject input) =>
        store.Find(portal, type, HubSpotValue.Id(input["id"]), HubSpotValue.Member(input, "idProperty"));

    private JsonObject Upsert(HubSpotObjectType type, JsonObject input)
    {
        var (id, by) = (HubSpotValue.Id(input["id"]), HubSpotValue.Member(input, "idProperty", isNeeded: true)!);
        if (portal.Property(type, by) is not { HasUniqueValue: true })
        {
            throw HubSpotErrors.Invalid($"Property {by} is not a unique identifier of {type.Constant}");
        }

        var holder = store.Holder(type, by, id);
        if (holder is null && input["properties"] is JsonObject properties && properties[by] is null)
        {
            properties[by] = id;
        }

        var result = Written(type, holder is null ? objects.Create(type, input) : objects.Update(type, holder, input), input);
        result["new"] = holder is null;
        return result;
    }

    private JsonObject Written(HubSpotObjectType type, HubSpotRecord record, JsonNode? input)
    {
        var result = objects.ToJson(type, record, record.Properties.Keys);
        if (input?[Trace] is { } trace)
        {
            result[Trace] = trace.DeepClone();
        }

        return result;
    }

    private static JsonObject Problem(HubSpotRefusal refusal, JsonNode? input)
    {
        var answer = JsonNode.Parse(refusal.Answer.Body)!.AsObject();
        var context = answer["context"]?.DeepClone().AsObject() ?? [];
        if ((input?[Trace] ?? input?["id"]) is { } id)
        {
            context[input![Trace] is null ? "ids" : Trace] = new JsonArray(id.DeepClone());
        }

        return new JsonObject
        {
            ["status"] = "error",
            ["category"] = answer["category"]?.DeepClone() ?? "OBJECT_NOT_FOUND",
            ["message"] = answer["message"]!.DeepClone(),
            ["context"] = context,
            ["errors"] = answer["errors"]?.DeepClone() ?? new JsonArray(),
            ["links"] = new JsonObject(),
        };
    }
}
