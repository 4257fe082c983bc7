using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tests;

/// <summary>Counts what would be sent and answers nothing but success, or what a test tells it.</summary>
internal sealed class RecordingTransport(params Func<Request, FakeResponse>[] answers) : HttpPipelineTransport
{
    private readonly Queue<Func<Request, FakeResponse>> _answers = new(answers);

    public List<SentRequest> Sent { get; } = [];

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Only asynchronous calls are made.");

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Sent.Add(new SentRequest(
            message.Request.Uri.ToString(),
            message.Request.Headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase)));
        message.Response = _answers.TryDequeue(out var answer) ? answer(message.Request) : new FakeResponse(204);
        message.Response.ClientRequestId = message.Request.ClientRequestId;
        return ValueTask.CompletedTask;
    }
}

/// <summary>A request as it stood when it was sent; the request itself is disposed of soon after.</summary>
internal sealed record SentRequest(string Uri, IReadOnlyDictionary<string, string> Headers);
