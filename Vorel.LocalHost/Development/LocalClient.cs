using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Development;

/// <summary>Calls the local host's HTTP surfaces as any client would: JSON in, JSON out.</summary>
public sealed class LocalClient(Uri baseAddress, string? bearerToken = null) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Sends a call and gives status and body; a body that is not a JSON object reads as null.</summary>
    public async Task<LocalAnswer> Send(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearerToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearerToken);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
            await request.Content.LoadIntoBufferAsync(cancellationToken);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new LocalAnswer((int)response.StatusCode, ReadObject(text));
    }

    /// <summary>Sends a call that must succeed.</summary>
    /// <exception cref="DevelopmentException">It did not: the message names the call, the status and the problem's code.</exception>
    public async Task<JsonObject> Expect(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var answer = await Send(method, path, body, cancellationToken);
        if (answer.Status is < 200 or > 299)
        {
            throw new DevelopmentException($"{method} {path} answered {answer.Status} {answer.Body?["code"]}: {answer.Body?["detail"] ?? answer.Body?["title"]} {answer.Body?["errors"]?.ToJsonString()}".TrimEnd());
        }

        return answer.Body ?? [];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static JsonObject? ReadObject(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A status and, if there was one, a JSON object.</summary>
public sealed record LocalAnswer(int Status, JsonObject? Body);
