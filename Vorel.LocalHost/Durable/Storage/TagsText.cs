using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>An instance's tags as one text: a JSON object of strings.</summary>
internal static class TagsText
{
    public static string Write(IEnumerable<KeyValuePair<string, string>> tags) =>
        new JsonObject(tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Key, tag.Value))).ToJsonString();

    public static IReadOnlyDictionary<string, string> Read(string? text) => text is null
        ? ReadOnlyDictionary<string, string>.Empty
        : JsonNode.Parse(text)!.AsObject().ToDictionary(tag => tag.Key, tag => tag.Value!.GetValue<string>(), StringComparer.Ordinal);
}
