using Vorel.Core.Errors;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>What happens to an offering beyond what a request may change by itself.</summary>
public sealed class Offerings(RecordService records, Clocks clocks)
{
    /// <summary>Deletes an offering: the row is kept, and from now on it is not there. No event says so, for there is none of that name.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="id">The offering's id as the caller wrote it.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit.</param>
    /// <exception cref="NotFoundException">It is not there, or not any more.</exception>
    /// <exception cref="ConflictException">Others changed it again and again meanwhile.</exception>
    /// <exception cref="UnavailableException">It was not deleted; or, where the store stayed away, that is not known.</exception>
    public Task Delete(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var deleted = new Dictionary<string, object?> { ["deleted_at"] = clocks.Domain.GetUtcNow() };
        return records.Change(tenant, RecordKinds.Offering, id, _ => deleted, cancellationToken);
    }
}
