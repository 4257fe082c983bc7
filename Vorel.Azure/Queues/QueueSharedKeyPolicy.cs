using System.Globalization;
using System.Text;
using System.Web;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Queues;

/// <summary>Signs requests to queues with the account key (scheme SharedKey, as the Blob, Queue and File services define it).</summary>
internal sealed class QueueSharedKeyPolicy(StorageSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        request.Headers.SetValue("x-ms-date", DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture));
        request.Headers.SetValue("Authorization", $"SharedKey {credential.AccountName}:{credential.Sign(StringToSign(request))}");
    }

    private string StringToSign(Request request)
    {
        long length = 0;
        request.Content?.TryComputeLength(out length);
        request.Headers.TryGetValue("Content-Type", out var contentType);

        // Verb, encoding, language, length, MD5, type, date (empty: x-ms-date is signed below), four conditions, range.
        var text = new StringBuilder();
        text.Append($"{request.Method.Method}\n\n\n{(length == 0 ? string.Empty : length.ToString())}\n\n{contentType}\n\n\n\n\n\n\n");
        foreach (var header in request.Headers
            .Where(header => header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal))
        {
            text.Append($"{header.Name.ToLowerInvariant()}:{header.Value}\n");
        }

        var uri = request.Uri.ToUri();
        text.Append($"/{credential.AccountName}{uri.AbsolutePath}");
        var query = HttpUtility.ParseQueryString(uri.Query);
        foreach (var name in query.AllKeys.OfType<string>().Order(StringComparer.Ordinal))
        {
            text.Append($"\n{name.ToLowerInvariant()}:{query[name]}");
        }

        return text.ToString();
    }
}
