using System.Threading.Channels;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>Keeps what triggers call, and answers as the test says.</summary>
internal sealed class RecordingInvoker : IFunctionInvoker
{
    private readonly Channel<RecordedCall> _calls = Channel.CreateUnbounded<RecordedCall>();

    public Func<RecordedCall, Task<InvocationResult>> Answer { get; set; } = _ => Task.FromResult(Success);

    public static InvocationResult Success { get; } = new InvocationResult.Success(null, new Dictionary<string, System.Text.Json.Nodes.JsonNode?>());

    public static InvocationResult Failure { get; } = new InvocationResult.Failure(InvocationFailure.Status, "500");

    public bool HasMore => _calls.Reader.TryPeek(out _);

    public async Task<InvocationResult> Invoke(
        FunctionDefinition function, IReadOnlyDictionary<string, BindingValue> data, IReadOnlyDictionary<string, BindingValue> metadata, CancellationToken cancellationToken)
    {
        var call = new RecordedCall(function.Name, data.ToDictionary(pair => pair.Key, pair => pair.Value.ToWire()), metadata.ToDictionary(pair => pair.Key, pair => pair.Value.ToWire()));
        await _calls.Writer.WriteAsync(call, cancellationToken);
        return await Answer(call);
    }

    public Task<RecordedCall> Next() => _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
}

internal sealed record RecordedCall(string Function, IReadOnlyDictionary<string, string> Data, IReadOnlyDictionary<string, string> Metadata);
