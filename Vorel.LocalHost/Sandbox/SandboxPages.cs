using System.Globalization;
using Cell = Vorel.LocalHost.Sandbox.Page.Cell;

namespace Vorel.LocalHost.Sandbox;

/// <summary>The two pages.</summary>
internal static class SandboxPages
{
    public static string Inbox(InboxState state) => new Page("Inbox: webhooks received")
        .Numbers(("requests", state.Posts), ("accepted", state.Accepted), ("wrong signature", state.Refused), ("events", state.Ids))
        .Table("Last requests", ["domain time", "event", "id", "signature", "answered"], Rows(state.Requests))
        .ToString();

    public static string Crm(CrmState state) => new Page("CRM: records written")
        .Numbers(("requests", state.Posts), ("keys", state.Keys), ("wrong signature", state.Refused), ("records", state.Records.Count))
        .Table("Records", ["id", "object", "fields", "sequence", "writes", ""], state.Records.Reverse().Select(record => new Cell[]
        {
            new(record.ExternalId, Code: true),
            new(record.Object),
            new(string.Join(", ", record.Fields.Select(field => $"{field.Key}: {field.Value}")), "text", Code: true),
            new(record.Sequence.ToString(CultureInfo.InvariantCulture)),
            new(record.Writes.ToString(CultureInfo.InvariantCulture)),
            new(record.Deleted ? "deleted" : "", "dim"),
        }))
        .Table("Last requests", ["domain time", "action", "key", "signature", "answered"], Rows(state.Requests))
        .ToString();

    private static IEnumerable<Cell[]> Rows(IReadOnlyList<Received> requests) => requests.Reverse().Take(50).Select(request => new Cell[]
    {
        new(request.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), "dim"),
        new(request.Kind),
        new(request.Id, Code: true),
        request.Verified ? new("right", "ok") : new("wrong", "bad"),
        request.Status switch
        {
            0 => new("connection cut", "bad"),
            >= 200 and <= 299 => new(request.Status.ToString(CultureInfo.InvariantCulture), "ok"),
            _ => new(request.Status.ToString(CultureInfo.InvariantCulture), "bad"),
        },
        new(request.Body, Code: true, Below: true),
    });
}
