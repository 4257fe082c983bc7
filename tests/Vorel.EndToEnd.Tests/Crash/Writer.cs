using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>
/// A caller as careful as ours should be: it gives most writes an Idempotency-Key, repeats those whose answer was lost or a 503, for a
/// while, and keeps every answer. What it does next follows from its seed.
/// </summary>
internal sealed class Writer(TestStack stack, IReadOnlyList<CrashTenant> tenants, string name, int seed) : IDisposable
{
    private const int MostTries = 4;

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(90) };
    private int _written;

    /// <summary>How likely it gives a write an Idempotency-Key.</summary>
    public double WithKey { get; init; } = 0.85;

    /// <summary>How likely it repeats a write under such a key when it does not know what became of it.</summary>
    public double Repeats { get; init; } = 0.8;

    /// <summary>Writes, one thing after another with <paramref name="pause"/> between, until <paramref name="enough"/>.</summary>
    public async Task Run(TimeSpan pause, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await WriteOne();
            await Task.Delay(pause, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One write by a random key of a random tenant: a lead or a change where there is something to write it to, else a conversation.</summary>
    public async Task WriteOne()
    {
        var tenant = tenants[_random.Next(tenants.Count)];
        switch (_random.Next(3))
        {
            case 0 when tenant.Conversations.TryDequeue(out var conversation):
                await WriteLead(tenant, conversation);
                break;
            case 1 when tenant.Leads.TryDequeue(out var lead):
                await Change(tenant, lead);
                break;
            default:
                await WriteConversation(tenant);
                break;
        }
    }

    /// <summary>A conversation, a lead in it and a change of that, as far as each is accepted.</summary>
    public async Task WriteOneOfEach(CrashTenant tenant)
    {
        await WriteConversation(tenant);
        if (tenant.Conversations.TryDequeue(out var conversation))
        {
            await WriteLead(tenant, conversation);
        }

        if (tenant.Leads.TryDequeue(out var lead))
        {
            await Change(tenant, lead);
        }
    }

    public void Dispose() => _http.Dispose();

    private static void Keep(Write write, ConcurrentQueue<string> ids)
    {
        if (write.Fate == Fate.Accepted)
        {
            ids.Enqueue(write.Record!);
        }
    }

    private async Task WriteConversation(CrashTenant tenant) => Keep(
        await Send(tenant, WriteKind.Conversation, HttpMethod.Post, "/v1/conversations", token => new JsonObject { ["channel"] = "webform", ["customer_identifier"] = token }),
        tenant.Conversations);

    private async Task WriteLead(CrashTenant tenant, string conversation) => Keep(
        await Send(tenant, WriteKind.Lead, HttpMethod.Post, "/v1/leads", token => new JsonObject { ["conversation_id"] = conversation, ["name"] = token }),
        tenant.Leads);

    private async Task Change(CrashTenant tenant, string lead)
    {
        await Send(tenant, WriteKind.Change, HttpMethod.Patch, $"/v1/leads/{lead}", token => new JsonObject { ["timeline"] = token }, lead);
        tenant.Leads.Enqueue(lead);
    }

    private async Task<Write> Send(CrashTenant tenant, WriteKind kind, HttpMethod method, string path, Func<string, JsonObject> body, string? target = null)
    {
        var write = new Write(kind, $"{tenant.Name}-{name}-{_written++}", _random.NextDouble() < WithKey) { Target = target };
        tenant.Writes.Enqueue(write);
        var apiKey = tenant.Keys[_random.Next(tenant.Keys.Count)];
        for (var tries = 1; ; tries++)
        {
            write.Add(await Ask(write, apiKey, method, path, body(write.Token)));
            if (write.Fate == Fate.Accepted || !write.HasKey || tries == MostTries || _random.NextDouble() > Repeats)
            {
                return write;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(50, 500)));
        }
    }

    private async Task<WriteAnswer> Ask(Write write, string apiKey, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, new Uri(stack.Host.Addresses.Host.Address, path)) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (write.HasKey)
        {
            request.Headers.Add("Idempotency-Key", write.Token);
        }

        await request.Content.LoadIntoBufferAsync(); // A body without a length does not get through the host.
        try
        {
            using var response = await _http.SendAsync(request);
            return WriteAnswer.Read((int)response.StatusCode, response.Headers.RetryAfter, await response.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return WriteAnswer.Broken;
        }
    }
}
