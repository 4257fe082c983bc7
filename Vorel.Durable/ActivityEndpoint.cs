using Microsoft.Extensions.Logging;
using Vorel.Durable.Payloads;
using Vorel.Durable.Replay;

namespace Vorel.Durable;

/// <summary>
/// Serves the host's activity calls. A failure of the activity is an answer like any other; what is thrown here is for the host to
/// count as infrastructure.
/// </summary>
public sealed class ActivityEndpoint
{
    private readonly DurableTaskRegistry _registry;
    private readonly DurableWorkerOptions _options;
    private readonly DurableJson _json;
    private readonly ILogger _log;

    /// <summary>Makes the endpoint over a filled registry.</summary>
    /// <exception cref="ArgumentException">The JSON options would use reflection.</exception>
    public ActivityEndpoint(DurableTaskRegistry registry, DurableWorkerOptions options, ILoggerFactory loggers)
    {
        _registry = registry;
        _options = options;
        _json = new DurableJson(options.JsonOptions);
        _log = loggers.CreateLogger<ActivityEndpoint>();
    }

    /// <summary>Runs an activity once.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="inputJson">JSON text of the scheduled input: from an orchestrator of ours a JSON string that holds JSON.</param>
    /// <param name="instanceId">The calling orchestration, for logs.</param>
    /// <param name="services">Where the activity and what it needs come from; one scope per call.</param>
    /// <param name="cancellationToken">The host dropped the call.</param>
    /// <returns>The text for ReturnValue.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled: nobody reads the answer.</exception>
    public async Task<string> ExecuteAsync(
        string name, string? inputJson, string instanceId, IServiceProvider services, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.ActivityDeadline, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        // On a thread of the pool, since the limit is not waited for before the call returns: an activity that blocks must not keep it.
        var context = new TaskActivityContext(name, instanceId, either.Token);
        var work = Task.Run(() => Run(name, inputJson, context, services), CancellationToken.None);
        try
        {
            var limit = _options.ActivityDeadline + _options.ActivityGrace;
            return ActivityAnswer.Success(await work.WaitAsync(limit, _options.TimeProvider, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            Logs.ActivityAbandoned(_log, name, instanceId);
            return ActivityAnswer.Failure(Late(name));
        }
        catch (Exception failure)
        {
            var told = failure is OperationCanceledException && deadline.IsCancellationRequested
                ? Late(name)
                : Failures.Describe(failure, _options.DescribeFailure);
            Logs.ActivityFailed(_log, name, instanceId, told.Type, told.Message, failure.StackTrace);
            return ActivityAnswer.Failure(told);
        }
    }

    private async Task<string?> Run(string name, string? inputJson, TaskActivityContext context, IServiceProvider services)
    {
        if (!_registry.TryGetActivity(name, out var create))
        {
            throw new ActivityNotFoundException(name);
        }

        var activity = create(services);
        var input = _json.Read(DurableJson.Unwrap(inputJson, $"input of '{name}'"), activity.InputType, $"input of '{name}'");
        var output = await activity.RunAsync(context, input);
        return _json.Write(output, activity.OutputType, $"answer of '{name}'");
    }

    private ActivityFailure Late(string name) => new(
        typeof(OperationCanceledException).FullName!,
        $"Activity '{name}' did not end within {_options.ActivityDeadline.TotalSeconds:0} s.",
        Retriable: true);
}
