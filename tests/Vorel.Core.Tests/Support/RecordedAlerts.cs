using System.Collections.Concurrent;
using Vorel.Core.Alerts;

namespace Vorel.Core.Tests.Support;

internal sealed class RecordedAlerts : IAlerts
{
    public ConcurrentQueue<Alert> Raised { get; } = new();

    public int Count(AlertCode code) => Raised.Count(alert => alert.Code == code);

    public void Raise(Alert alert) => Raised.Enqueue(alert);
}
