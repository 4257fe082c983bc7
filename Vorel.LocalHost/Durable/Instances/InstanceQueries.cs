using System.Buffers.Text;
using System.Text;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>
/// Questions about many instances, and about the history of one. They read the table alone. A query asks it for the instances' own
/// rows, which lie among all others: the service walks over every row of the hub, the histories too, though it sends none of them.
/// </summary>
internal sealed class InstanceQueries(HubStore store, InstanceGates gates)
{
    /// <summary>How many instances a page has where nobody says, as with the extension.</summary>
    public const int DefaultPage = 100;

    public const int MaxPage = 1000;

    /// <summary>A page ends early at so many characters of inputs and outputs.</summary>
    private const int MaxPageText = 2 * 1024 * 1024;

    /// <summary>Rows of a request to the table where they come with inputs and outputs.</summary>
    private const int FullRows = 16;

    private const int MaxPrefix = 256;

    /// <summary>One page.</summary>
    /// <param name="filter">Which instances.</param>
    /// <param name="size">How many at most; 0 for <see cref="DefaultPage"/>.</param>
    /// <param name="token">Where the last page said that this one begins.</param>
    /// <param name="payloads">What to read with them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RpcException">InvalidArgument: the size or the token.</exception>
    public async Task<InstancePage> Page(
        InstanceFilter filter, int size, string? token, InstancePayloads payloads, CancellationToken cancellationToken)
    {
        if (size < 0)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, "A page has at least one instance.");
        }

        var after = token is null ? null : Partition(token);
        var found = new List<InstanceRecord>();
        if (filter.Prefix.Length > MaxPrefix)
        {
            return new InstancePage(found, null);
        }

        size = Math.Min(size == 0 ? DefaultPage : size, MaxPage);
        var rows = payloads == InstancePayloads.None ? Math.Min(size + 1, 1000) : Math.Min(size + 1, FullRows);
        var text = 0L;
        var last = "";
        await foreach (var (partition, record) in store.Instances(filter.Of(after), rows, Columns(payloads), cancellationToken))
        {
            if (found.Count == size || text > MaxPageText)
            {
                return new InstancePage(found, Base64Url.EncodeToString(Encoding.ASCII.GetBytes(last)));
            }

            found.Add(record);
            text += (record.Input?.Length ?? 0) + (record.Output?.Length ?? 0);
            last = partition;
        }

        return new InstancePage(found, null);
    }

    /// <summary>The committed history of an instance, or null where there is no such instance.</summary>
    public async Task<IReadOnlyList<HistoryEvent>?> History(string instanceId, CancellationToken cancellationToken)
    {
        InstanceOperations.CheckedId(instanceId);

        // Turns commit within the gate: record and history belong to each other.
        using (await gates.Enter(instanceId, cancellationToken))
        {
            return await store.Instance(instanceId, cancellationToken) is { } record ? await store.History(record, cancellationToken) : null;
        }
    }

    private static string[] Columns(InstancePayloads payloads) =>
    [
        .. HubRows.StatusColumns,
        .. payloads.HasFlag(InstancePayloads.Input) ? HubRows.InputColumns : [],
        .. payloads.HasFlag(InstancePayloads.Output) ? HubRows.OutputColumns : [],
    ];

    private static string Partition(string token)
    {
        try
        {
            var text = Encoding.Latin1.GetString(Base64Url.DecodeFromChars(token));
            return HubKeys.IsPartition(text) ? text : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, "The continuation token is not one that this hub gave.");
        }
    }
}
