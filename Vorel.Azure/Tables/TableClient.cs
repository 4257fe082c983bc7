using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tables;

/// <summary>One table. Shapes are those of Azure.Data.Tables; README.md in this folder says what differs.</summary>
/// <remarks>Methods throw <see cref="RequestFailedException"/> for what the service refuses and <see cref="TableLimitException"/> for what is refused before anything is sent.</remarks>
public sealed class TableClient
{
    private readonly HttpPipeline _pipeline;
    private readonly TableRequests _requests;
    private readonly OwnWrites _own;

    internal TableClient(HttpPipeline pipeline, Uri endpoint, string tableName)
    {
        TableLimits.CheckTableName(tableName);
        Name = tableName;
        _pipeline = pipeline;
        _requests = new TableRequests(pipeline, endpoint, tableName);
        _own = new OwnWrites(pipeline, _requests);
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>The table's address.</summary>
    public Uri Uri => _requests.TableUri;

    /// <summary>Makes the table unless it is there.</summary>
    public async Task<Response> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = _requests.CreateTable();
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response is { Status: 409 } conflict && StorageErrorParser.Code(conflict) == "TableAlreadyExists"
            ? conflict
            : Checked(message.Response);
    }

    /// <summary>Deletes the table with all its rows. The status is 404 if it was not there.</summary>
    public async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var message = _requests.DeleteTable();
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response.Status == 404 ? message.Response : Checked(message.Response);
    }

    /// <summary>One row; a missing one throws with status 404.</summary>
    public async Task<Response<TableEntity>> GetEntityAsync(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        await GetEntityIfExistsAsync(partitionKey, rowKey, select, cancellationToken) is Response<TableEntity> found
            ? found
            : throw new RequestFailedException(404, "The row does not exist.", "ResourceNotFound", innerException: null);

    /// <summary>One row, or none: a missing table has no rows.</summary>
    public async Task<NullableResponse<TableEntity>> GetEntityIfExistsAsync(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        TableLimits.CheckKey(partitionKey, "partition key");
        TableLimits.CheckKey(rowKey, "row key");
        using var message = _requests.Get(partitionKey, rowKey, select);
        await _pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        return response.Status == 404
            ? new MissingEntityResponse(response)
            : Response.FromValue(EntityReader.ReadOne(Checked(response).Content.ToMemory(), partitionKey, rowKey), response);
    }

    /// <summary>The rows that match, in the order of their keys. A filter without a partition key reads the whole table.</summary>
    /// <param name="filter">An interpolated string, see <see cref="TableFilter"/>; <c>default</c> for every row.</param>
    /// <param name="maxPerPage">1 to 1000.</param>
    /// <param name="select">The columns to fetch; the keys always come along.</param>
    /// <param name="cancellationToken">Ends the fetching.</param>
    public AsyncPageable<TableEntity> QueryAsync(
        TableFilter filter, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        if (maxPerPage is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(maxPerPage), "A page has 1 to 1000 rows.");
        }

        return new EntityPageable(_pipeline, _requests, filter, maxPerPage, select, cancellationToken);
    }

    /// <summary>Adds a row; 409 when it is there.</summary>
    public async Task<Response> AddEntityAsync(TableEntity entity, CancellationToken cancellationToken = default)
    {
        TableLimits.CheckEntity(entity);
        var writeId = Guid.NewGuid();
        using var message = _requests.Insert(entity, writeId);
        return await Write(message, entity, writeId, cancellationToken);
    }

    /// <summary>Adds the row or updates it, whatever its version.</summary>
    public async Task<Response> UpsertEntityAsync(
        TableEntity entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
    {
        TableLimits.CheckEntity(entity);
        var writeId = Guid.NewGuid();
        using var message = _requests.Update(entity, ifMatch: null, mode, writeId);
        return await Write(message, entity, writeId, cancellationToken);
    }

    /// <summary>Updates a row that has the ETag; 412 when it has another, 404 when it is gone.</summary>
    public async Task<Response> UpdateEntityAsync(
        TableEntity entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
    {
        TableLimits.CheckEntity(entity);
        TableLimits.CheckETag(ifMatch.ToString());
        var writeId = Guid.NewGuid();
        using var message = _requests.Update(entity, ifMatch, mode, writeId);
        return await Write(message, entity, writeId, cancellationToken);
    }

    /// <summary>Deletes a row that has the ETag (any version, if none is given); 412 when it has another. The status is 404 if it was not there.</summary>
    public async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        TableLimits.CheckKey(partitionKey, "partition key");
        TableLimits.CheckKey(rowKey, "row key");
        using var message = _requests.Delete(partitionKey, rowKey, ifMatch == default ? ETag.All : ifMatch);
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response.Status switch
        {
            // A repeated delete that finds nothing has most likely found its own work; in any case the row is gone, as asked.
            404 when message.WasRetried() => new PartResponse(204, etag: null),
            404 => message.Response,
            _ => Checked(message.Response),
        };
    }

    /// <summary>Applies 1 to 100 actions to different rows of one partition: all or none.</summary>
    /// <exception cref="TableTransactionFailedException">The service refused it; the exception says at which action.</exception>
    public async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<TableTransactionAction> actions = transactionActions as IReadOnlyList<TableTransactionAction> ?? [.. transactionActions];
        var writeId = Guid.NewGuid();
        using var message = _requests.Transaction(new TransactionRequest(_requests.TableUri, actions, writeId));
        await _pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        try
        {
            return Response.FromValue(
                response.Status == 202 ? TransactionResponse.Read(response, actions.Count) : throw TransactionResponse.Refusal(response),
                response);
        }
        catch (TableTransactionFailedException refused) when (message.WasRetried() && OwnWrites.IsConflict(refused.Status))
        {
            if (await _own.Find(actions, writeId, cancellationToken) is { } parts)
            {
                return Response.FromValue(parts, response);
            }

            throw;
        }
    }

    private static Response Checked(Response response) => response.IsError ? throw new RequestFailedException(response) : response;

    private async Task<Response> Write(HttpMessage message, TableEntity entity, Guid writeId, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        return message.WasRetried() && OwnWrites.IsConflict(response.Status)
            ? await _own.Find(entity, writeId, cancellationToken) ?? Checked(response)
            : Checked(response);
    }
}
