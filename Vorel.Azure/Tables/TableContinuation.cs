using Azure;
using Azure.Core;

namespace Vorel.Azure.Tables;

/// <summary>Where the next page of a query starts; as text, <c>{next partition key} {next row key}</c>, both as the service encoded them.</summary>
internal readonly record struct TableContinuation(string? NextPartitionKey, string? NextRowKey)
{
    public bool IsEnd => NextPartitionKey is null && NextRowKey is null;

    public static TableContinuation Of(Response response)
    {
        response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition);
        response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row);
        return new TableContinuation(Null(partition), Null(row));
    }

    /// <exception cref="FormatException">Not a token of ours.</exception>
    public static TableContinuation Parse(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return default;
        }

        var parts = token.Split(' ');
        return parts.Length == 2
            ? new TableContinuation(Null(parts[0]), Null(parts[1]))
            : throw new FormatException("The continuation token is malformed.");
    }

    public void AppendTo(RequestUriBuilder uri)
    {
        if (NextPartitionKey is not null)
        {
            uri.AppendQuery("NextPartitionKey", NextPartitionKey, escapeValue: true);
        }

        if (NextRowKey is not null)
        {
            uri.AppendQuery("NextRowKey", NextRowKey, escapeValue: true);
        }
    }

    public override string ToString() => $"{NextPartitionKey} {NextRowKey}";

    private static string? Null(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
