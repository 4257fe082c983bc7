using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Outbox;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>
/// The transcripts of conversations: messages are appended and read, never changed. Their numbers are 1, 2, 3 and so on without
/// a hole, because the conversation's row keeps the last one and changes in the transaction of the message. A closed
/// conversation takes messages too: what was said was said, and the customer has no other conversation on this channel.
/// </summary>
public sealed class Transcripts(IRowStore store, OutboxWriter outbox, RecordReader reader, IndexKey digests, IdSource ids, Clocks clocks)
{
    private const int Created = 201;

    private readonly IdempotencyLedger _ledger = new(store, reader, digests, clocks);

    /// <summary>Appends a message.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="conversation">The conversation's id as the caller wrote it.</param>
    /// <param name="body">The message's fields, read by <see cref="Json.StrictJson"/>.</param>
    /// <param name="key">The caller's key, if any: within 24 hours a repeat gets the message that the first one made.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit.</param>
    /// <exception cref="ValidationException">The body is wrong.</exception>
    /// <exception cref="NotFoundException">The conversation is not there.</exception>
    /// <exception cref="ConflictException">Too many append at once.</exception>
    /// <exception cref="IdempotencyConflictException">The key was used with another message.</exception>
    /// <exception cref="UnavailableException">The message was not appended; or, where the store stayed away to the end, that is not known.</exception>
    public Task<RecordAnswer> Append(TenantId tenant, string conversation, JsonElement body, IdempotencyKey? key, CancellationToken cancellationToken) =>
        RecordService.Answer(async () =>
        {
            var input = RecordInput.ForCreate(RecordKinds.Message, body);
            for (var tries = 1; tries <= RecordService.MaxTries; tries++)
            {
                if (await TryAppend(tenant, conversation, input, body, key, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }

            throw new ConflictException("The conversation is being changed by others; repeat the request.");
        });

    /// <summary>Messages, oldest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="conversation">The conversation's id as the caller wrote it.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="after">The number behind which to begin; 0 for the beginning.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">The limit or the number is out of range.</exception>
    /// <exception cref="NotFoundException">The conversation is not there.</exception>
    /// <exception cref="UnavailableException">The store is away.</exception>
    public async Task<IReadOnlyList<MessageRow>> Read(TenantId tenant, string conversation, int limit, long after, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > RecordReader.MaxLimit)
        {
            throw new ValidationException("?limit", $"must be from 1 to {RecordReader.MaxLimit}");
        }

        if (after is < 0 or > long.MaxValue - 2)
        {
            throw new ValidationException("?after", "must be the number of a message, or 0");
        }

        return await RecordService.Answer(async () =>
        {
            var header = await reader.Get(tenant, RecordKinds.Conversation, conversation, cancellationToken);
            var messages = new List<MessageRow>();
            await foreach (var stored in reader.ReadMessages(tenant, header.Id, after + 1, long.MaxValue - 1, cancellationToken))
            {
                if (!reader.IsExpired(stored.Row))
                {
                    messages.Add((MessageRow)stored.Row);
                    if (messages.Count == limit)
                    {
                        break;
                    }
                }
            }

            return messages;
        });
    }

    /// <summary>One attempt; null when somebody else changed the conversation meanwhile.</summary>
    private async Task<RecordAnswer?> TryAppend(
        TenantId tenant, string conversation, RecordInput input, JsonElement body, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var stored = await reader.Find(tenant, RecordKinds.Conversation, conversation, cancellationToken);
        var header = stored.Row;
        var number = header.LastSequence + 1;
        var use = key is null
            ? null
            : _ledger.RowOf(tenant, $"POST message {header.Id:D}", key, body, header.Id, Created) with { Sequence = number };
        if (use is not null && await _ledger.Find(tenant, RecordKinds.Message, use, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var change = RecordChange.Create(input, ids.Next());
        var message = change.Record with { Values = change.Record.Values.Add("conversation_id", header.Id).Add("sequence_number", number) };
        List<RowWrite> writes = use is null ? [] : [.. await _ledger.Remember(tenant, RecordKinds.Message, use, cancellationToken)];
        writes.Add(new RowWrite.Replace(header.RowKey, stored.ETag, RecordColumns.Write(Moved(header, number, message.CreatedAt))));
        writes.Add(new RowWrite.Insert(message.RowKey, RecordColumns.Write(message)));
        try
        {
            await outbox.Write(tenant, message, change.Events, writes, cancellationToken);
            return new RecordAnswer(Created, message);
        }
        catch (RowConflictException conflict)
        {
            // Of several conflicts the store names the first: a message or a debt has the number, and yet nobody has changed the conversation.
            if (conflict.Index >= writes.Count - 1)
            {
                await Recount(tenant, stored, cancellationToken);
            }

            return null;
        }
    }

    /// <summary>Puts the last number back into a conversation that lost it, as when a process that does not know of numbers has replaced it.</summary>
    private async Task Recount(TenantId tenant, Stored<RecordRow> stored, CancellationToken cancellationToken)
    {
        var last = stored.Row.LastSequence + 1;
        await foreach (var message in reader.ReadMessages(tenant, stored.Row.Id, last, long.MaxValue - 1, cancellationToken))
        {
            last = ((MessageRow)message.Row).Sequence;
        }

        var recounted = RecordColumns.Write(stored.Row with { LastSequence = last });
        try
        {
            await store.Commit(RecordRow.Table, Partition.Of(tenant), [new RowWrite.Replace(stored.Row.RowKey, stored.ETag, recounted)], cancellationToken);
        }
        catch (RowConflictException)
        {
            // Somebody else was faster.
        }
    }

    /// <summary>The conversation with one message more; the times never go back, whatever the clocks of two processes say.</summary>
    private static RecordRow Moved(RecordRow header, long number, DateTimeOffset at)
    {
        var last = header.Values.GetValueOrDefault("last_message_at") is DateTimeOffset before && before > at ? before : at;
        return header with
        {
            LastSequence = number,
            Values = header.Values
                .SetItem("first_message_at", header.Values.GetValueOrDefault("first_message_at") ?? at)
                .SetItem("last_message_at", last),
        };
    }
}
