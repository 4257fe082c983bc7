using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Development;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>A tenant with several API keys and two subscribers, and what it wrote.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its short name in tokens and in the subscribers' paths.</param>
/// <param name="Keys">Its API keys.</param>
internal sealed record CrashTenant(string Id, string Name, IReadOnlyList<string> Keys)
{
    private const int EveryFailing = 9;
    private const int EveryCut = 14;

    /// <summary>The events that each subscriber asks for.</summary>
    public static IReadOnlyDictionary<string, string[]> Subscribers { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["all"] = ["conversation.created", "lead.created", "lead.updated"],
        ["leads"] = ["lead.created"],
    };

    /// <summary>Every write of the tenant.</summary>
    public ConcurrentQueue<Write> Writes { get; } = new();

    /// <summary>Conversations that have no lead yet.</summary>
    public ConcurrentQueue<string> Conversations { get; } = new();

    /// <summary>Leads that nobody is changing.</summary>
    public ConcurrentQueue<string> Leads { get; } = new();

    /// <summary>Makes a tenant with <paramref name="keys"/> API keys that subscribes; a CRM it has not yet.</summary>
    public static async Task<CrashTenant> Create(TestStack stack, int number, int keys)
    {
        using var first = await stack.NewTenant();
        List<string> all = [first.ApiKey];
        while (all.Count < keys)
        {
            all.Add(await first.NewKey("read", "leads:write", "conversations:write"));
        }

        var tenant = new CrashTenant(first.Id, $"t{number.ToString(CultureInfo.InvariantCulture)}", all);
        foreach (var (name, events) in Subscribers)
        {
            await first.Subscribe(stack.Receiver.Url(tenant.PathOf(name), Answer), events);
        }

        return tenant;
    }

    /// <summary>Connects the CRM. False where the call was not answered, or not with a CRM that took its test.</summary>
    public async Task<bool> Connect(TestStack stack, Uri crm, string secret)
    {
        var connection = new JsonObject { ["provider"] = "custom_webhook", ["url"] = crm.ToString(), ["secret"] = secret };
        var answer = await stack.Operator.Send(HttpMethod.Put, $"/api/tenant/{Id}/crm", connection, CancellationToken.None);
        return answer.Status == 200 && answer.Body?["status"]?.GetValue<string>() == "active";
    }

    /// <summary>The receiver's path of one of the subscribers.</summary>
    public string PathOf(string subscriber) => $"{Name}-{subscriber}";

    // Most posts are taken; some fail and some connections break, so that the ladder has work as well.
    private static Task Answer(int number, HttpContext context)
    {
        if (number % EveryCut == 0)
        {
            context.Abort();
        }
        else
        {
            context.Response.StatusCode = number % EveryFailing == 0 ? 500 : 204;
        }

        return Task.CompletedTask;
    }
}
