using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable.Management;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation.Outputs;

namespace Vorel.LocalHost.Invocation;

/// <summary>Calls functions through the envelope, under functionTimeout, and carries out their output bindings.</summary>
internal sealed class EnvelopeInvoker(
    IHandlers handlers,
    HostConfiguration configuration,
    HandlerClient client,
    DurableClientInput durableClient,
    OutputBindings outputs,
    Clock.DomainClock clock,
    ILoggerFactory loggers) : IFunctionInvoker
{
    private readonly ILogger _logger = loggers.CreateLogger("host");

    public async Task<InvocationResult> Invoke(
        FunctionDefinition function,
        IReadOnlyDictionary<string, BindingValue> data,
        IReadOnlyDictionary<string, BindingValue> metadata,
        CancellationToken cancellationToken)
    {
        var values = data.ToList();
        foreach (var binding in function.Bindings.Where(binding => binding.IsInput && binding.Is("durableClient")))
        {
            values.Add(KeyValuePair.Create(binding.Name, await durableClient.Of(binding, cancellationToken)));
        }

        var invocation = Guid.NewGuid();
        var facts = metadata.Where(entry => !entry.Key.EndsWith("trigger", StringComparison.OrdinalIgnoreCase)).ToList();
        if (!metadata.ContainsKey("sys"))
        {
            facts.Add(KeyValuePair.Create("sys", TriggerMetadata.System(function.Name, clock.GetUtcNow(), Guid.NewGuid())));
        }

        var handler = await handlers.Ready(function, cancellationToken);
        using var request = EnvelopeRequest.Build(handler.Address, function, invocation, values, facts);
        var result = await Call(function, handler, request, cancellationToken);
        result = result is InvocationResult.Success success ? await outputs.Write(function, success, cancellationToken) : result;
        if (result is InvocationResult.Failure failure)
        {
            Logs.InvocationFailed(_logger, function.Name, failure.Kind, failure.Why ?? failure.Message);
        }

        return result;
    }

    /// <summary>The call itself. The host's stop ends it; nothing else does before functionTimeout.</summary>
    private async Task<InvocationResult> Call(
        FunctionDefinition function, HandlerEndpoint handler, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (configuration.FunctionTimeout is { } longest)
        {
            limit.CancelAfter(longest);
        }

        try
        {
            using var answer = await client.Envelopes.SendAsync(request, limit.Token);
            var lines = new List<string>();
            var result = await EnvelopeReply.Read(answer, lines, limit.Token);
            foreach (var line in lines)
            {
                Logs.FunctionLine(_logger, function.Name, line);
            }

            if (result is not null)
            {
                return result;
            }

            Logs.EmptyAnswer(_logger, function.Name, (int)answer.StatusCode, configuration.FunctionTimeout);
            await Task.Delay(Timeout.InfiniteTimeSpan, limit.Token);
            throw new InvalidOperationException("An infinite delay ended.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            handlers.Restart(handler);
            return new InvocationResult.Failure(
                InvocationFailure.TimedOut, $"Timeout value of {configuration.FunctionTimeout} exceeded by function: {function.Name}");
        }
        catch (HttpRequestException error)
        {
            return new InvocationResult.Failure(InvocationFailure.ConnectionLost, error.Message);
        }
    }
}
