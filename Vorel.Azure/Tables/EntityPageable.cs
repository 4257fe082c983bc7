using Azure;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tables;

/// <summary>The pages of a query, each fetched when it is asked for.</summary>
internal sealed class EntityPageable(
    HttpPipeline pipeline, TableRequests requests, TableFilter filter, int? maxPerPage, IEnumerable<string>? select, CancellationToken cancellationToken)
    : AsyncPageable<TableEntity>(cancellationToken)
{
    public override async IAsyncEnumerable<Page<TableEntity>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        var continuation = TableContinuation.Parse(continuationToken);
        do
        {
            using var message = requests.Query(filter, pageSizeHint ?? maxPerPage, select, continuation);
            await pipeline.SendAsync(message, CancellationToken);
            if (message.Response.IsError)
            {
                throw new RequestFailedException(message.Response);
            }

            continuation = TableContinuation.Of(message.Response);
            yield return Page<TableEntity>.FromValues(
                EntityReader.ReadPage(message.Response.Content.ToMemory()),
                continuation.IsEnd ? null : continuation.ToString(),
                message.Response);
        }
        while (!continuation.IsEnd);
    }
}
