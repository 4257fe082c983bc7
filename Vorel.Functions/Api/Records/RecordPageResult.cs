using System.Text.Json;
using Vorel.Core.Records;

namespace Vorel.Functions.Api.Records;

/// <summary>Answers with a page of records: <c>data</c>, <c>next_cursor</c>, <c>has_more</c>.</summary>
internal sealed class RecordPageResult(RecordPage page) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
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
        await json.FlushAsync(httpContext.RequestAborted);
    }
}
