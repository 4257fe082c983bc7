using System.Text.Json;
using Vorel.Core.Records;

namespace Vorel.Functions.Api.Records;

/// <summary>Answers with a page of records: <c>data</c>, <c>next_cursor</c>, <c>has_more</c>.</summary>
internal sealed class RecordPageResult(RecordPage page) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => JsonAnswer.Write(httpContext, StatusCodes.Status200OK, "application/json", Render);

    private void Render(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var record in page.Records)
        {
            RecordJson.Write(json, record);
        }

        json.WriteEndArray();
        json.WriteString("next_cursor", page.NextCursor);
        json.WriteBoolean("has_more", page.HasMore);
        json.WriteEndObject();
    }
}
