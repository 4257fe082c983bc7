using System.Text;
using System.Text.Json.Nodes;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>A batch of messages as the bodies of notes: as many as it takes, cut between messages where that is possible. Nothing is left out.</summary>
internal static class HubSpotTranscript
{
    /// <summary>Members of a message that its first line has.</summary>
    private static readonly string[] s_head = ["sequence_number", "role", "created_at", "language"];

    /// <summary>The bodies, in order; at least one.</summary>
    public static IReadOnlyList<string> Pages(JsonObject batch)
    {
        var pages = new List<string>();
        var page = new StringBuilder();
        foreach (var block in Blocks(batch).SelectMany(block => HubSpotHtml.Pieces(block, HubSpotDefaults.MaxText)))
        {
            const string Between = "<br><br>";
            if (page.Length > 0 && page.Length + Between.Length + block.Length > HubSpotDefaults.MaxText)
            {
                pages.Add(page.ToString());
                page.Clear();
            }

            page.Append(page.Length == 0 ? "" : Between).Append(block);
        }

        pages.Add(page.ToString());
        return pages;
    }

    private static IEnumerable<string> Blocks(JsonObject batch)
    {
        foreach (var (name, value) in batch.Where(member => member.Key != "messages"))
        {
            if (name == "conversation_id")
            {
                yield return $"Conversation {HubSpotValues.Text(value)}, messages {HubSpotValues.Text(batch["first_sequence_number"])} to {HubSpotValues.Text(batch["last_sequence_number"])}";
            }
            else if (name is not ("first_sequence_number" or "last_sequence_number"))
            {
                yield return $"{name}: {HubSpotValues.Text(value)}";
            }
        }

        foreach (var message in (batch["messages"] as JsonArray ?? []).OfType<JsonObject>())
        {
            yield return One(message);
        }
    }

    private static string One(JsonObject message)
    {
        var text = new StringBuilder(string.Join(" · ", s_head.Where(message.ContainsKey).Select(name => HubSpotValues.Text(message[name]))));
        if (message["content"] is { } content)
        {
            text.Append('\n').Append(HubSpotValues.Text(content));
        }

        foreach (var (name, value) in message.Where(member => member.Key != "content" && !s_head.Contains(member.Key)))
        {
            text.Append('\n').Append(name).Append(": ").Append(HubSpotValues.Text(value));
        }

        return text.ToString();
    }
}
