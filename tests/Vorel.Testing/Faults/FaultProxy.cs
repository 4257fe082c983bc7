using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Vorel.Testing.Faults;

/// <summary>
/// Stands between our processes and a storage account (Azurite), on dynamic loopback ports, and lets happen what a cloud lets happen:
/// see <see cref="FaultKind"/>. What no fault hits passes byte for byte, so signatures hold.
/// </summary>
public sealed partial class FaultProxy : IAsyncDisposable
{
    private readonly List<FaultListener> _listeners = [];
    private readonly ConcurrentDictionary<FaultKind, int> _hits = new();
    private int _requests;

    // Replaced as a whole when a fault is added: requests read it without a lock.
    private ActiveFault[] _faults = [];

    /// <summary>Starts to relay to every service that <paramref name="connectionString"/> names by an explicit http endpoint.</summary>
    public FaultProxy(string connectionString) =>
        ConnectionString = Endpoint().Replace(connectionString, endpoint =>
        {
            var target = new Uri(endpoint.Groups["url"].Value);
            var listener = new FaultListener(this, Enum.Parse<StorageService>(endpoint.Groups["service"].ValueSpan), target);
            _listeners.Add(listener);
            return $"{endpoint.Groups["service"].Value}Endpoint={new UriBuilder(target) { Port = listener.Port }.Uri}";
        });

    /// <summary>The account, by way of this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>How many requests have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How often a kind of fault has hit, over all rules.</summary>
    public int Hits(FaultKind kind) => _hits.GetValueOrDefault(kind);

    /// <summary>Applies a rule from the next request on. When several rules hit a request, the one added first has it.</summary>
    public ActiveFault Add(Fault fault)
    {
        var added = new ActiveFault(fault);
        ActiveFault[] before;
        do
        {
            before = Volatile.Read(ref _faults);
        }
        while (Interlocked.CompareExchange(ref _faults, [.. before.Where(other => !other.IsOver), added], before) != before);
        return added;
    }

    /// <summary>Lifts every rule.</summary>
    public void LiftAll()
    {
        foreach (var fault in Interlocked.Exchange(ref _faults, []))
        {
            fault.Dispose();
        }
    }

    /// <summary>Stops and breaks every connection.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_listeners.Select(listener => listener.DisposeAsync().AsTask()));

    /// <summary>The fault that hits this request, if one does.</summary>
    internal Fault? Judge(ProxiedRequest request)
    {
        Interlocked.Increment(ref _requests);
        var fault = Array.Find(Volatile.Read(ref _faults), fault => fault.Hit(request))?.Fault;
        if (fault is not null)
        {
            _hits.AddOrUpdate(fault.Kind, 1, static (_, count) => count + 1);
        }

        return fault;
    }

    [GeneratedRegex("(?<service>Blob|Queue|Table)Endpoint=(?<url>http://[^;]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Endpoint();
}
