using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Security.ApiKeys;

/// <summary>A key in its tenant's list.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record ApiKeyRow(Guid Id, string Name, string Prefix, string LastFour, IReadOnlyList<string> Scopes, DateTimeOffset? RevokedAt)
    : IRow<ApiKeyRow>
{
    public static string Table => "ApiKeys";

    public string RowKey => Uuid7.ToKey(Id);

    public static ApiKeyRow FromColumns(string rowKey, Columns columns) => new(
        Uuid7.FromKey(rowKey),
        columns.Text("name"),
        columns.Text("prefix"),
        columns.Text("last_four"),
        columns.Text("scopes").Split(' '),
        columns.TimeOrNull("revoked_at"));

    public Columns ToColumns() => new Columns()
        .Set("name", Name)
        .Set("prefix", Prefix)
        .Set("last_four", LastFour)
        .Set("scopes", string.Join(' ', Scopes))
        .Set("revoked_at", RevokedAt);

    public ApiKey ToApiKey() => new(Id, Name, Prefix, LastFour, Scopes, Uuid7.TimeOf(Id), RevokedAt);
}
