using Vorel.Core.Records;

namespace Vorel.Functions.Api.Records;

/// <summary>Answers with one record, written by the same renderer as lists and events.</summary>
internal sealed class RecordResult(int status, RecordRow record) : IResult
{
    public RecordResult(RecordAnswer answer)
        : this(answer.Status, answer.Record)
    {
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (status == StatusCodes.Status201Created)
        {
            // The route as we wrote it, not as the caller spelled it.
            var route = ((RouteEndpoint)httpContext.GetEndpoint()!).RoutePattern.RawText!.Trim('/');
            httpContext.Response.Headers.Location = $"/{route}/{record.Id:D}";
        }

        return JsonAnswer.Write(httpContext, status, "application/json", json => RecordJson.Write(json, record));
    }
}
