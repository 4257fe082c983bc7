using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Model;

/// <summary>Every subscription's receiver: each answers from a script of its own, and 200 when that is over.</summary>
internal sealed class Receivers(Gate gate, Truth truth) : IWebhookSender
{
    private static readonly AttemptOutcome s_noAnswer = new(null, AttemptError.Connection, TimeSpan.FromMilliseconds(3), default);

    private readonly Dictionary<string, Queue<Answer>> _scripts = [];

    /// <summary>What a receiver says next.</summary>
    public enum Answer
    {
        Ok,
        ServerError,
        Busy,
        BadRequest,
        Gone,
        Timeout,
        Reset,
    }

    public void Script(string url, IEnumerable<Answer> answers) => _scripts[url] = new Queue<Answer>(answers);

    public async Task<AttemptOutcome> Send(WebhookRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.Pass(flight => Receive(flight, request), () => new TimeoutException(), writes: false, cancellationToken);
        }
        catch (TimeoutException)
        {
            truth.Deliveries.Unanswered();
            return s_noAnswer;
        }
    }

    private Task<AttemptOutcome> Receive(Flight flight, WebhookRequest request)
    {
        var answer = _scripts.TryGetValue(request.TargetUrl, out var script) && script.TryDequeue(out var next) ? next : Answer.Ok;
        truth.Deliveries.Posted(flight, request.TargetUrl, request.Body.ToArray(), answer);
        return Task.FromResult(answer switch
        {
            Answer.Ok => Outcome(200, null),
            Answer.ServerError => Outcome(500, AttemptError.Server),
            Answer.Busy => Outcome(503, AttemptError.Server),
            Answer.BadRequest => Outcome(400, AttemptError.Client),
            Answer.Gone => Outcome(410, AttemptError.Client),
            Answer.Timeout => new AttemptOutcome(null, AttemptError.Timeout, TimeSpan.FromSeconds(10), default),
            _ => s_noAnswer,
        });

        static AttemptOutcome Outcome(int status, AttemptError? error) => new(status, error, TimeSpan.FromMilliseconds(9), "said"u8.ToArray());
    }
}
