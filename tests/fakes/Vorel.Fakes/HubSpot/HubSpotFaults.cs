namespace Vorel.Fakes.HubSpot;

/// <summary>What happens to the requests that come.</summary>
public sealed class HubSpotFaults
{
    private readonly Lock _gate = new();
    private readonly List<HubSpotFault> _next = [];

    /// <summary>What happens to every request without a fault of its own, where its route is meant.</summary>
    public HubSpotFault? Standing { get; set; }

    /// <summary>How many wait for their request.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _next.Count;
            }
        }
    }

    /// <summary>Lets the next requests have these faults, one each, in this order.</summary>
    public void Enqueue(params IEnumerable<HubSpotFault> faults)
    {
        lock (_gate)
        {
            _next.AddRange(faults);
        }
    }

    internal HubSpotFault? Take(string route)
    {
        lock (_gate)
        {
            var index = _next.FindIndex(fault => fault.IsFor(route));
            if (index < 0)
            {
                return Standing?.IsFor(route) == true ? Standing : null;
            }

            var fault = _next[index];
            _next.RemoveAt(index);
            return fault;
        }
    }
}
