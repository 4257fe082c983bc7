using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Support;

/// <summary>A receiver that answers from a script, the last line for ever.</summary>
internal sealed class ScriptedSender(FaultPlan plan) : IWebhookSender
{
    private readonly Queue<AttemptOutcome> _script = new();

    public List<WebhookRequest> Requests { get; } = [];

    /// <summary>Runs while an attempt is under way.</summary>
    public Func<Task>? During { get; set; }

    public void Answers(params AttemptOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _script.Enqueue(outcome);
        }
    }

    /// <summary>Has it answer so from now on, whatever its script was.</summary>
    public void Always(AttemptOutcome outcome)
    {
        _script.Clear();
        _script.Enqueue(outcome);
    }

    public Task<AttemptOutcome> Send(WebhookRequest request, CancellationToken cancellationToken) => plan.Run(async () =>
    {
        Requests.Add(request with { Body = request.Body.ToArray() });
        await (During?.Invoke() ?? Task.CompletedTask);
        return _script.Count > 1 ? _script.Dequeue() : _script.TryPeek(out var last) ? last : Outcomes.Ok;
    });
}

internal static class Outcomes
{
    public static AttemptOutcome Ok { get; } = new(200, null, TimeSpan.FromMilliseconds(12), "ok"u8.ToArray());

    public static AttemptOutcome Timeout { get; } = new(null, AttemptError.Timeout, TimeSpan.FromSeconds(10), default);

    public static AttemptOutcome Status(int status, AttemptError? error) => new(status, error, TimeSpan.FromMilliseconds(5), "no"u8.ToArray());
}
