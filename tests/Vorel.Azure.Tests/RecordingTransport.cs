using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tests;

/// <summary>Counts what would be sent and answers nothing but success, or what a test tells it.</summary>
internal sealed class RecordingTransport(params Func<Request, FakeResponse>[] answers) : HttpPipelineTransport
{
    private readonly Queue<Func<Request, FakeResponse>> _answers = new(answers);

    public List<Request> Sent { get; } = [];

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Only asynchronous calls are made.");

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Sent.Add(message.Request);
        message.Response = _answers.TryDequeue(out var answer) ? answer(message.Request) : new FakeResponse(204);
        message.Response.ClientRequestId = message.Request.ClientRequestId;
        return ValueTask.CompletedTask;
    }
}
