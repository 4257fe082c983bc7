using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>A CRM and webhook consumers that say again what they were told, in every place that somebody might keep.</summary>
internal sealed class EchoingParties(Receiver receiver)
{
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    /// <summary>Whether the CRM takes leads.</summary>
    public bool Mended { get; set; }

    /// <summary>Everything the CRM was told.</summary>
    public IEnumerable<string> ToldToCrm => receiver.Posts("crm").Select(post => Encoding.UTF8.GetString(post.Body));

    /// <summary>How often the CRM was told of each type of object.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>A consumer that takes a delivery, or not, and answers with its body.</summary>
    public string Consumer(int status) => receiver.Url($"consumer-{status}", async (_, context) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-You-Sent"] = Convert.ToBase64String(await Body(context));
        await context.Response.Body.WriteAsync(await Body(context));
    });

    /// <summary>
    /// A CRM that fails at first with a conversation, refuses leads until it is mended, answers with a customer's data in what has to be an id or
    /// a URL, takes appointments too late to be heard, and makes its ids of what it got.
    /// </summary>
    public string Crm() => receiver.Url("crm", async (number, context) =>
    {
        var body = Encoding.UTF8.GetString(await Body(context));
        var told = JsonNode.Parse(body)!.AsObject();
        var kind = told["object"]?.GetValue<string>() ?? "ping";
        var (email, name) = (Field("email"), Field("name"));
        var id = $"{kind}-{number}{email}";
        var url = $"https://crm.example.com/{number}?name={name}";
        var call = _calls.AddOrUpdate(kind, 1, static (_, calls) => calls + 1);
        var status = 201;
        switch (kind)
        {
            case "conversation" when call == 1:
                status = 500;
                break;
            case "lead" when !Mended:
                status = 422;
                break;
            case "contact" when call == 1:
                id = $"{email}\u0007{name}";
                break;
            case "contact" when call == 2:
                url = $"javascript:{email}";
                break;
            case "appointment" when call == 1:
                await Task.Delay(TimeSpan.FromSeconds(11), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Nobody listens any more.
                break;
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsync(new JsonObject { ["external_id"] = id, ["record_url"] = url, ["echo"] = told.DeepClone() }.ToJsonString());

        string Field(string name) => told["fields"]?[name]?.GetValue<string>() ?? "";
    });

    private static async Task<byte[]> Body(HttpContext context)
    {
        context.Request.Body.Position = 0;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
