using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Vorel.Durable.Payloads;
using Vorel.Durable.Protocol;
using Vorel.Durable.Replay;

namespace Vorel.Durable;

/// <summary>
/// Serves the host's orchestrator calls. It never throws: anything but a proper answer would fail the instance for good, with
/// internals in its output.
/// </summary>
public sealed class OrchestratorEndpoint
{
    private readonly DurableTaskRegistry _registry;
    private readonly DurableWorkerOptions _options;
    private readonly DurableJson _json;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;

    /// <summary>Makes the endpoint over a filled registry.</summary>
    /// <exception cref="ArgumentException">The JSON options would use reflection.</exception>
    public OrchestratorEndpoint(DurableTaskRegistry registry, DurableWorkerOptions options, ILoggerFactory loggers)
    {
        _registry = registry;
        _options = options;
        _json = new DurableJson(options.JsonOptions);
        _loggers = loggers;
        _log = loggers.CreateLogger<OrchestratorEndpoint>();
    }

    /// <summary>What runs the turns: the pool, outside tests.</summary>
    internal TaskScheduler Threads { get; init; } = TaskScheduler.Default;

    /// <summary>Runs one turn on the caller's thread.</summary>
    /// <param name="base64Request">base64 of an OrchestratorRequest.</param>
    /// <returns>base64 of an OrchestratorResponse, never empty.</returns>
    public string Execute(string base64Request)
    {
        var request = Read(base64Request, out var problem);
        return Encode(request is null ? Refuse(problem) : RunTurn(request));
    }

    /// <summary>
    /// Runs one turn, and answers with a failure if the orchestrator blocks its thread. Without that, the host would kill the
    /// process at functionTimeout and send the same turn again, for ever. A turn that has not begun is waited for: its instance did nothing.
    /// </summary>
    /// <inheritdoc cref="Execute"/>
    public async Task<string> ExecuteAsync(string base64Request)
    {
        if (Read(base64Request, out var problem) is not { } request)
        {
            return Encode(Refuse(problem));
        }

        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var turn = Task.Factory.StartNew(
            () =>
            {
                begun.SetResult();
                return RunTurn(request);
            },
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            Threads);
        await begun.Task;
        try
        {
            return Encode(await turn.WaitAsync(_options.TurnLimit, _options.TimeProvider));
        }
        catch (TimeoutException)
        {
            Logs.TurnBlocked(_log, request.InstanceId, _options.TurnLimit);
            return Encode(Failure(request, new NonDurableWaitException(
                $"The orchestrator held its thread for more than {_options.TurnLimit}: it blocks or never stops computing.")));
        }
    }

    private OrchestratorRequest? Read(string? base64Request, out string problem)
    {
        problem = "The orchestrator request is not base64 of a protobuf message.";
        if (string.IsNullOrEmpty(base64Request) || base64Request.Length > _options.MaximumRequestLength)
        {
            problem = $"The orchestrator request is empty or longer than {_options.MaximumRequestLength} characters.";
            return null;
        }

        if (base64Request.AsSpan().TrimStart().StartsWith("{"))
        {
            problem = "The host speaks another durable protocol: FUNCTIONS_WORKER_RUNTIME must be 'custom'.";
            return null;
        }

        try
        {
            return OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(base64Request));
        }
        catch (Exception failure) when (failure is FormatException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private OrchestratorResponse RunTurn(OrchestratorRequest request)
    {
        try
        {
            var turn = new OrchestrationTurn(request, _registry, _json, _options, _loggers);
            var response = turn.Run();
            ResponseRules.Check(response, turn.Now);
            return response;
        }
        catch (Exception failure)
        {
            Logs.OrchestrationFailed(_log, request.InstanceId, failure.GetType().FullName, failure.StackTrace);
            return Failure(request, failure);
        }
    }

    private OrchestratorResponse Refuse(string problem)
    {
        Logs.RequestRefused(_log, problem);
        return Failure(new OrchestratorRequest(), new UnsupportedHistoryException(problem));
    }

    private static OrchestratorResponse Failure(OrchestratorRequest request, Exception failure)
    {
        var (answers, id) = (new TurnAnswers(request.InstanceId), TurnAnswers.CompletionId(request));
        return ClientsWill.Answer(request, answers, id) ?? answers.Failed(id, Failures.OfOrchestration(failure, describe: null), []);
    }

    private static string Encode(OrchestratorResponse response) => Convert.ToBase64String(response.ToByteArray());
}
