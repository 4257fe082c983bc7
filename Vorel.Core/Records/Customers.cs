using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>
/// Finds a customer by what they are known by, or makes one. Phone counts before e-mail, e-mail before external id: whoever
/// the first known one belongs to is the customer, whatever the others say. What that customer lacks is added from the
/// request, unless it is another customer's; what they have stays. So two customers are never merged, and a repeat changes nothing.
/// </summary>
public sealed class Customers(IRowStore store, RecordService records, RecordReader reader, IndexKey digests)
{
    private const int MaxTries = 5;
    private const int Found = 200;

    private readonly RecordIndex _index = new(store, reader, digests);

    /// <summary>Finds or makes a customer.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="body">The customer's fields, as a create takes them, read by <see cref="Json.StrictJson"/>.</param>
    /// <param name="cancellationToken">Cancels what comes before a commit.</param>
    /// <returns>201 when the customer was made, else 200, with the customer as they now are.</returns>
    /// <exception cref="ValidationException">The body is wrong, or names nothing that the customer is known by.</exception>
    /// <exception cref="ConflictException">Others changed the customers concerned again and again meanwhile.</exception>
    /// <exception cref="UnavailableException">No customer was found, made or changed; or, where the store stayed away to the end, that is not known.</exception>
    public async Task<RecordAnswer> FindOrCreate(TenantId tenant, JsonElement body, CancellationToken cancellationToken)
    {
        var input = RecordInput.ForCreate(RecordKinds.Customer, body);
        var wanted = RecordChange.Create(input, Guid.Empty).Record;
        return await RecordService.Answer(async () =>
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    var owners = await FindOwners(tenant, wanted, cancellationToken);
                    return owners.Count > 0
                        ? await Add(tenant, owners[0].Owner, input, owners, cancellationToken)
                        : await records.Create(tenant, RecordKinds.Customer, body, key: null, cancellationToken);
                }
                catch (ProblemException exception) when (exception is ConflictException or NotFoundException && tries < MaxTries)
                {
                    // Somebody was made, changed or went past their window between the look and the write: look again.
                }
            }
        });
    }

    /// <summary>Who has what the customer is known by, in the order in which it counts; what nobody has is left out.</summary>
    private async Task<IReadOnlyList<(string Field, RecordRow Owner)>> FindOwners(TenantId tenant, RecordRow wanted, CancellationToken cancellationToken)
    {
        var owners = new List<(string, RecordRow)>();
        foreach (var unique in RecordKinds.Customer.Unique.Where(unique => unique.Fields.All(wanted.Values.ContainsKey)))
        {
            if (await _index.FindOwner(tenant, wanted, unique, cancellationToken) is { } owner)
            {
                owners.Add((unique.Fields[0], owner.Row));
            }
        }

        return owners;
    }

    private async Task<RecordAnswer> Add(
        TenantId tenant, RecordRow customer, RecordInput input, IReadOnlyList<(string Field, RecordRow Owner)> owners, CancellationToken cancellationToken)
    {
        var others = owners.Where(owner => owner.Owner.Id != customer.Id).Select(owner => owner.Field).ToHashSet(StringComparer.Ordinal);
        var answer = await records.Change(
            tenant,
            RecordKinds.Customer,
            customer.Id.ToString("D"),
            current => input.Values
                .Where(field => field.Value is not null && !current.Values.ContainsKey(field.Key) && !others.Contains(field.Key))
                .ToDictionary(StringComparer.Ordinal),
            cancellationToken);
        return answer with { Status = Found };
    }
}
