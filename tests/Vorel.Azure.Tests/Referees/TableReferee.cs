using System.Text.Json.Nodes;
using Vorel.Azure.Tables;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Referees;

/// <summary><c>@azure/data-tables</c> on the emulator that our client talks to.</summary>
public sealed class TableReferee(AzuriteFixture azurite) : Referee("tests/referees/tables.mjs")
{
    private readonly TableServiceClient _service = new(azurite.ConnectionString);

    /// <inheritdoc/>
    protected override IEnumerable<string> Arguments => [azurite.TableEndpoint.ToString(), AzuriteFixture.AccountName, AzuriteFixture.AccountKey];

    /// <summary>Our client's account.</summary>
    public TableServiceClient Ours => _service;

    /// <summary>A table of its own for a test.</summary>
    public async Task<TableClient> NewTable()
    {
        var table = _service.GetTableClient($"T{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    /// <summary>Writes a row and gives its ETag. <paramref name="operation"/> is create, upsert or update.</summary>
    public async Task<string> Write(string operation, TableClient table, TableEntity entity, string? mode = null, string? etag = null) =>
        (await Call(operation, new JsonObject { ["table"] = table.Name, ["entity"] = RefereeEntity.Write(entity), ["mode"] = mode, ["etag"] = etag }))!.GetValue<string>();

    public Task Delete(TableClient table, string partitionKey, string rowKey, string etag) =>
        Call("delete", new JsonObject { ["table"] = table.Name, ["pk"] = partitionKey, ["rk"] = rowKey, ["etag"] = etag });

    public async Task<TableEntity> Get(TableClient table, string partitionKey, string rowKey) =>
        RefereeEntity.Read((await Call("get", new JsonObject { ["table"] = table.Name, ["pk"] = partitionKey, ["rk"] = rowKey }))!);

    /// <summary>The pages of a query; see <c>tables.mjs</c> for the filter's form.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<TableEntity>>> Query(TableClient table, JsonNode? filter = null, string[]? select = null, int? pageSize = null)
    {
        var arguments = new JsonObject
        {
            ["table"] = table.Name,
            ["filter"] = filter?.DeepClone(),
            ["select"] = select is null ? null : new JsonArray([.. select.Select(name => JsonValue.Create(name))]),
            ["pageSize"] = pageSize,
        };
        return [.. (await Call("query", arguments))!.AsArray().Select(page => page!.AsArray().Select(entity => RefereeEntity.Read(entity!)).ToList())];
    }

    /// <summary>Applies <c>[kind, entity, mode?, etag?]</c> actions and gives the ETags.</summary>
    public async Task<IReadOnlyList<string?>> Transact(TableClient table, params (string Kind, TableEntity Entity, string? Mode, string? ETag)[] actions)
    {
        var list = actions.Select(action => new JsonArray(action.Kind, RefereeEntity.Write(action.Entity), action.Mode, action.ETag));
        var answer = await Call("transaction", new JsonObject { ["table"] = table.Name, ["actions"] = new JsonArray([.. list]) });
        return [.. answer!.AsArray().Select(part => part!["etag"]?.GetValue<string>())];
    }
}
