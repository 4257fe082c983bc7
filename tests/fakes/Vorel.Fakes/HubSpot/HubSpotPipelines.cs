using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>The pipeline endpoints, for reading.</summary>
internal static class HubSpotPipelines
{
    public static HubSpotAnswer Read(HubSpotPortal portal, HubSpotObjectType type, string[] rest)
    {
        var pipelines = portal.Pipelines(type);
        return rest switch
        {
            _ when type.Stages is null => throw HubSpotErrors.Invalid($"Object type {type.Id} has no pipelines"),
            [] => HubSpotAnswer.Ok(new JsonObject { ["results"] = new JsonArray([.. pipelines.Select((pipeline, index) => pipeline.ToJson(index))]) }),
            [var id] => HubSpotAnswer.Ok(Find(pipelines, id).ToJson(0)),
            [var id, "stages"] => HubSpotAnswer.Ok(new JsonObject { ["results"] = Find(pipelines, id).StagesToJson() }),
            _ => throw HubSpotErrors.NoRoute(),
        };
    }

    private static HubSpotPipeline Find(IReadOnlyList<HubSpotPipeline> pipelines, string id) =>
        pipelines.FirstOrDefault(pipeline => pipeline.Id == id) ?? throw HubSpotErrors.NoRecord(id);
}
