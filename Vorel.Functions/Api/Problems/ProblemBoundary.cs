namespace Vorel.Functions.Api.Problems;

/// <summary>Turns whatever goes wrong behind it into a problem: exceptions through the one map, bare refusals of the router by their status.</summary>
internal sealed class ProblemBoundary(RequestDelegate next, ILogger<ProblemBoundary> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: nobody reads an answer.
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = ProblemMap.Of(exception);
            if (problem.Status >= StatusCodes.Status500InternalServerError)
            {
                log.RequestFailed(RequestId.Of(context), exception);
            }

            await ProblemAnswer.Write(context, problem);
            return;
        }

        if (!context.Response.HasStarted && Bare(context.Response) is { } refusal)
        {
            await ProblemAnswer.Write(context, refusal);
        }
    }

    private static Problem? Bare(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.NotFound,
        StatusCodes.Status405MethodNotAllowed => Problem.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => Problem.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => Problem.UnsupportedMediaType,
        >= StatusCodes.Status400BadRequest => Problem.Internal,
        _ => null,
    };
}
