using Microsoft.Extensions.Logging;
using Vorel.Durable.Payloads;

namespace Vorel.Durable.Replay;

/// <summary>The context of one turn. A new one is made for every turn; nothing of it survives.</summary>
internal sealed partial class ReplayContext(
    string name,
    string instanceId,
    string executionId,
    TurnScheduler scheduler,
    StepLedger steps,
    EventMailbox events,
    TurnAnswers answers,
    DurableJson json,
    ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private DateTime _now = DateTime.UnixEpoch;
    private bool _replaying = true;
    private int _guids;

    public override string Name => name;

    public override string InstanceId => instanceId;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _replaying;

    public void MoveClock(DateTime utcNow) => _now = utcNow;

    public void EnterNewEvents() => _replaying = false;

    public override Guid NewGuid()
    {
        RequireTurn();
        return DeterministicGuid.OfCounter(instanceId, executionId, _now, _guids++);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        RequireTurn();
        var text = json.Write(customStatus, "custom status");
        if (text?.Length > TurnAnswers.MaximumCustomStatusLength)
        {
            throw new DurablePayloadException("The custom status is longer than 16 KiB.");
        }

        answers.CustomStatus = text;
    }

    public override ILogger CreateReplaySafeLogger(ILogger logger) => new ReplaySafeLogger(logger, this);

    public override ILogger CreateReplaySafeLogger(string categoryName) => CreateReplaySafeLogger(loggers.CreateLogger(categoryName));
}
