using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>Which subscriptions have an open incident.</summary>
internal sealed class IncidentBook(Truth truth)
{
    private readonly HashSet<Guid> _open = [];

    public bool IsOpen(Guid subscription) => _open.Contains(subscription);

    /// <summary>Takes note of incidents that open and close.</summary>
    public void Committed(IReadOnlyList<RowWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write.Key.Split('|') is not ["open", "webhook_dead_letter", var subscription])
            {
                continue;
            }

            if (write is RowWrite.Insert)
            {
                truth.Tally.Count("an incident of dead letters opened");
                _open.Add(Guid.Parse(subscription));
            }
            else if (write is RowWrite.Delete)
            {
                truth.Tally.Count("an incident of dead letters closed");
                _open.Remove(Guid.Parse(subscription));
            }
        }
    }
}
