using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Several writers that post leads, each under a name and an Idempotency-Key of its own, and remember every answer.</summary>
internal sealed class LeadStream : IDisposable
{
    private const int Writers = 4;

    private readonly HttpClient _http;
    private readonly IReadOnlyList<string> _conversations;
    private readonly ConcurrentQueue<LeadAnswer> _answers = new();
    private int _posted;

    private LeadStream(TestStack stack, TestTenant tenant, IReadOnlyList<string> conversations)
    {
        _conversations = conversations;
        _http = new HttpClient { BaseAddress = stack.Host.Addresses.Host.Address, Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant.ApiKey);
    }

    /// <summary>Every answer so far; a lead that was posted again has one for each time.</summary>
    public IReadOnlyCollection<LeadAnswer> Answers => _answers;

    /// <summary>The names of the leads that were accepted.</summary>
    public IReadOnlyList<string> Accepted => [.. _answers.Where(answer => answer.Status == 201).Select(answer => answer.Name).Order(StringComparer.Ordinal)];

    /// <summary>The names of the leads that were only ever refused.</summary>
    public IReadOnlyList<string> Refused => [.. _answers.Select(answer => answer.Name).Except(Accepted, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Posts the conversations that the leads will be in, one for each.</summary>
    public static async Task<LeadStream> Prepare(TestStack stack, TestTenant tenant, int leadsPerWriter)
    {
        var conversations = await Task.WhenAll(Enumerable.Range(0, Writers * leadsPerWriter).Select(_ => tenant.PostConversation()));
        return new LeadStream(stack, tenant, conversations);
    }

    /// <summary>Each writer posts so many leads, one after another.</summary>
    public Task Post(int leadsPerWriter) => Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
    {
        for (var i = 0; i < leadsPerWriter; i++)
        {
            await PostLead(Interlocked.Increment(ref _posted) - 1);
        }
    }));

    /// <summary>Posts what was refused again, with the keys of the first time.</summary>
    public Task Repeat() => Task.WhenAll(Refused.Select(name => PostLead(int.Parse(name.AsSpan("lead-".Length), CultureInfo.InvariantCulture))));

    public void Dispose() => _http.Dispose();

    private async Task PostLead(int number)
    {
        var name = $"lead-{number:D3}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/leads")
        {
            Content = JsonContent.Create(new JsonObject { ["conversation_id"] = _conversations[number], ["name"] = name }),
        };
        request.Headers.Add("Idempotency-Key", name);
        await request.Content.LoadIntoBufferAsync(); // A body without a length does not get through the host.
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        _answers.Enqueue(new LeadAnswer(name, (int)response.StatusCode, response.Headers.RetryAfter?.ToString(), text));
    }
}

/// <summary>What became of one post.</summary>
internal sealed record LeadAnswer(string Name, int Status, string? RetryAfter, string Body);
