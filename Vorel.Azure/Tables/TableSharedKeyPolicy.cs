using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tables;

/// <summary>Signs requests to tables with the account key (scheme SharedKey, as the Table service defines it).</summary>
internal sealed class TableSharedKeyPolicy(StorageSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        var date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        request.Headers.SetValue("x-ms-date", date);
        request.Headers.TryGetValue("Content-Type", out var contentType);

        // Path as on the wire; of the query only comp counts, and no call here uses it.
        var stringToSign = $"{request.Method.Method}\n\n{contentType}\n{date}\n/{credential.AccountName}{request.Uri.ToUri().AbsolutePath}";
        request.Headers.SetValue("Authorization", $"SharedKey {credential.AccountName}:{credential.Sign(stringToSign)}");
    }
}
