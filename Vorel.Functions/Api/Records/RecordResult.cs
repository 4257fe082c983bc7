using System.Text.Json;
using Vorel.Core.Records;

namespace Vorel.Functions.Api.Records;

/// <summary>Answers with one record, written by the same renderer as lists and events.</summary>
internal sealed class RecordResult(int status, RecordRow record) : IResult
{
    public RecordResult(RecordAnswer answer)
        : this(answer.Status, answer.Record)
    {
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (status == StatusCodes.Status201Created)
        {
            response.Headers.Location = $"{httpContext.Request.Path}/{record.Id:D}";
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter);
        RecordJson.Write(json, record);
        await json.FlushAsync(httpContext.RequestAborted);
    }
}
