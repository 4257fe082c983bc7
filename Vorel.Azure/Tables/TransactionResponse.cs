using System.Globalization;
using System.Text;
using Azure;

namespace Vorel.Azure.Tables;

/// <summary>Reads the multipart answer to a transaction: one part for each action, or one part that says which action failed.</summary>
internal static class TransactionResponse
{
    /// <exception cref="TableTransactionFailedException">The service refused the transaction.</exception>
    public static IReadOnlyList<Response> Read(Response response, int actions)
    {
        var results = new List<Response>(actions);
        var body = response.Content.ToMemory();
        var lines = Encoding.UTF8.GetString(body.Span).AsSpan().EnumerateLines();
        int? status = null;
        string? etag = null;
        while (lines.MoveNext())
        {
            var line = lines.Current;
            if (line.StartsWith("HTTP/1.1 "))
            {
                Complete();
                status = int.Parse(line.Slice(9, 3), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("ETag:", StringComparison.OrdinalIgnoreCase))
            {
                etag = line[5..].Trim().ToString();
            }
            else if (status >= 400 && line.StartsWith("{"))
            {
                throw Failure(status.Value, line.ToString());
            }
        }

        Complete();
        return results.Count == actions
            ? results
            : throw new TableTransactionFailedException(status ?? response.Status, errorCode: null, failedIndex: null);

        void Complete()
        {
            if (status >= 400)
            {
                throw new TableTransactionFailedException(status.Value, errorCode: null, failedIndex: null);
            }

            if (status is { } done)
            {
                results.Add(new PartResponse(done, etag));
            }

            etag = null;
        }
    }

    /// <summary>The refusal of the request as a whole, without parts.</summary>
    public static TableTransactionFailedException Refusal(Response response) =>
        new(response.Status, StorageErrorParser.Code(response), failedIndex: null);

    private static TableTransactionFailedException Failure(int status, string json)
    {
        // The text starts with the position of the action: "1:The specified entity already exists."
        var (code, message) = StorageErrorParser.Read(Encoding.UTF8.GetBytes(json));
        var colon = message?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        int? index = colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return new TableTransactionFailedException(status, code, index);
    }
}
