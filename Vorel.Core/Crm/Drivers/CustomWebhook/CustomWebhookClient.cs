using System.Net.Http.Headers;
using System.Text.Json;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>Posts signed messages to one receiver and reads its answers, strictly. Never repeats a call.</summary>
internal sealed class CustomWebhookClient(Uri url, string secret, CrmDriverServices services)
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Ping = "ping";

    private static readonly CustomWebhookJson s_json = new(new JsonSerializerOptions(CustomWebhookJson.Default.Options) { Encoder = CrmJson.Encoder });

    /// <summary>Posts <paramref name="message"/> and returns the body of a 2xx, at most 64 KiB.</summary>
    /// <exception cref="CrmException">Everything else, but the caller's own cancellation.</exception>
    public async Task<ReadOnlyMemory<byte>> Post(CustomWebhookRequest message, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(CustomWebhookDefaults.Timeout, services.RealTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = Sign(Write(message));
            using var response = await services.Http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode
                ? await ReadBody(response.Content, either.Token)
                : throw CustomWebhookErrors.OfStatus(
                    (int)response.StatusCode, message.Action, RetryAfter.Read(response.Headers, services.RealTime));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw CustomWebhookErrors.OfNetwork(AttemptError.Timeout);
        }
        catch (Exception exception) when (exception is not CrmException && AttemptErrors.OfException(exception) is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw CustomWebhookErrors.OfNetwork(AttemptErrors.OfException(exception)!.Value);
        }
    }

    /// <summary>What goes over the wire.</summary>
    internal static byte[] Write(CustomWebhookRequest message) => JsonSerializer.SerializeToUtf8Bytes(message, s_json.CustomWebhookRequest);

    private static async Task<ReadOnlyMemory<byte>> ReadBody(HttpContent content, CancellationToken cancellationToken)
    {
        // One byte more than is allowed, to tell an answer that fits from one that does not.
        var buffer = new byte[CustomWebhookDefaults.MaxAnswerBytes + 1];
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return count <= CustomWebhookDefaults.MaxAnswerBytes
            ? buffer.AsMemory(0, count)
            : throw CustomWebhookErrors.Malformed("it is larger than 64 KiB");
    }

    private HttpRequestMessage Sign(byte[] body) => new(HttpMethod.Post, url)
    {
        Headers =
        {
            { WebhookSignature.HeaderName, WebhookSignature.Sign(secret, body) },
            { "User-Agent", "Vorel-CRM/1" },
        },
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };
}
