using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>What the CRM is owed, and how that failed.</summary>
internal sealed class DebtBook(MirrorStage stage)
{
    private const string Prefix = "todo|mirror|";

    private readonly Dictionary<(int Tenant, string Debt), State> _debts = [];
    private readonly Dictionary<(int Tenant, string Type), long> _stuckUntil = [];

    public int Count => _debts.Count;

    public bool Has(int tenant, string debt) => _debts.ContainsKey((tenant, debt));

    public bool HasAny(int tenant, string start) => _debts.Keys.Any(debt => debt.Tenant == tenant && debt.Debt.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a change of something that was there before is owed.</summary>
    public bool HasUpdates(int tenant) => _debts.Any(debt => debt.Key.Tenant == tenant && debt.Value.Version > 1);

    /// <summary>Whether something failed for good by itself, not behind a parent.</summary>
    public bool HasFailures(int tenant) => _debts.Any(debt => debt.Key.Tenant == tenant && debt.Value is { Error: not null, IsParked: false });

    /// <summary>The types of incidents of what has failed for good since then, or before.</summary>
    public IEnumerable<string> FailedSince(int tenant, long moment) =>
        _debts.Where(debt => debt.Key.Tenant == tenant && debt.Value.Error is not null && debt.Value.Since <= moment).Select(debt => TypeOf(debt.Value.Error)).Distinct();

    /// <summary>Whether something of that type is stuck, or was since an operation began.</summary>
    public bool IsStuck(Flight flight, int tenant, string type, DateTimeOffset now) =>
        (_stuckUntil.TryGetValue((tenant, type), out var until) && until >= flight.BegunAt)
        || _debts.Any(debt => debt.Key.Tenant == tenant && debt.Value.Stuck(stage.Links.ConnectedAt(tenant), now) == type);

    /// <summary>
    /// What is owed of a parent and stands in its children's way: not what nobody can hold. What became so while the operation was
    /// under way, it need not have seen.
    /// </summary>
    public bool StandsInTheWay(Flight flight, int tenant, Guid conversation) =>
        _debts.Where(debt => debt.Key.Tenant == tenant && debt.Key.Debt.StartsWith($"conversation:{conversation:D}|", StringComparison.Ordinal))
            .Select(debt => debt.Value).MaxBy(debt => debt.Version) is { Error: not "unsupported" } newest
        && newest.Since < flight.BegunAt;

    public void Written(int tenant, RowWrite.Insert row) =>
        _debts[(tenant, row.Key[Prefix.Length..])] = new State((long)row.Columns["version"], (DateTimeOffset)row.Columns["since"], stage.Now);

    public void Written(int tenant, RowWrite.Replace row)
    {
        var state = _debts[(tenant, row.Key[Prefix.Length..])];
        var error = row.Columns.ContainsKey("failed_at") ? (string)row.Columns["error"] : null;
        Leave(tenant, state);
        var parked = row.Columns.ContainsKey("behind");
        state.LastError = row.Columns.GetValueOrDefault("error") as string;
        if (error != state.Error)
        {
            stage.Tally.Count(error is null ? state.IsParked ? "a parked child was taken up again" : "what had failed was taken up again" : parked ? "a child was parked" : "a write failed for good: " + error);
            (state.Error, state.Since) = (error, stage.Now);
        }

        state.IsParked = parked;
    }

    /// <summary>A debt went: the version is what was owed; null if it was not there.</summary>
    public long? Removed(int tenant, string key)
    {
        if (!_debts.Remove((tenant, key[Prefix.Length..]), out var state))
        {
            return null;
        }

        Leave(tenant, state);
        return state.Version;
    }

    /// <summary>What of a tenant's is stuck at this moment was, whatever becomes of the clock or of the connection now.</summary>
    public void Remember(int tenant)
    {
        foreach (var (_, state) in _debts.Where(debt => debt.Key.Tenant == tenant))
        {
            Leave(tenant, state);
        }
    }

    private static string TypeOf(string? error) => error switch
    {
        "unsupported" => "crm_object_unsupported",
        "refresh_failed" => "credential_refresh_failed",
        _ => "crm_sync_failure",
    };

    /// <summary>Whatever it is stuck by, it was until now.</summary>
    private void Leave(int tenant, State state)
    {
        if (state.Stuck(stage.Links.ConnectedAt(tenant), stage.Domain.GetUtcNow()) is { } type)
        {
            _stuckUntil[(tenant, type)] = stage.Now;
        }
    }

    private sealed class State(long version, DateTimeOffset owedSince, long since)
    {
        public long Version { get; } = version;

        /// <summary>The position in the history since which it is owed, has failed, or was taken up again.</summary>
        public long Since { get; set; } = since;

        /// <summary>How it failed for good; null as long as it is tried.</summary>
        public string? Error { get; set; }

        public string? LastError { get; set; }

        /// <summary>Whether it failed only because its parent did.</summary>
        public bool IsParked { get; set; }

        /// <summary>The type of incident that it is stuck by; null if it is not.</summary>
        public string? Stuck(DateTimeOffset connectedAt, DateTimeOffset now) =>
            Error is not null || now - (owedSince > connectedAt ? owedSince : connectedAt) >= TimeSpan.FromHours(24) ? TypeOf(LastError) : null;
    }
}
