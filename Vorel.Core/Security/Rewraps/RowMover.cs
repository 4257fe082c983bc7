using System.Security.Cryptography;
using Vorel.Core.Audit;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;

namespace Vorel.Core.Security.Rewraps;

/// <summary>Seals one value anew. What was sealed goes only when the new envelope has been opened, and only if nobody has changed the row.</summary>
internal sealed class RowMover(IRowStore store, EnvelopeProtector protector, AuditChannel audit)
{
    private const int MaxTries = 5;

    /// <summary>Moves a row's value to the current key, unless it is there or nothing is sealed in it.</summary>
    public async Task<RewrapTally> Move(SealedRow found, string current, RewrapTally tally, CancellationToken cancellationToken)
    {
        var (column, row) = (found.Column!, found.Row!);
        string? keyId = null;
        try
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                if (column.Read(row) is not { } envelope)
                {
                    return tally;
                }

                keyId = EnvelopeProtector.KeyIdOf(envelope);
                if (keyId == current)
                {
                    return tally.AddAlready();
                }

                var moved = await Seal(found with { Row = row }, envelope, cancellationToken);
                try
                {
                    await store.Commit(found.Table, Partition.Of(found.Tenant), column.Write(row, moved), cancellationToken);
                    return tally.AddMoved();
                }
                catch (RowConflictException)
                {
                    // Somebody was faster: theirs is what is to be moved now, if there is anything.
                }

                if (await store.Get(found.Table, Partition.Of(found.Tenant), row.Key, cancellationToken) is not { } changed)
                {
                    return tally;
                }

                row = changed;
            }

            return tally.AddFailure("row_keeps_changing", keyId);
        }
        catch (EnvelopeException refused)
        {
            return tally.AddFailure(CodeOf(refused.Fault), keyId);
        }
        catch (InvalidDataException)
        {
            return tally.AddFailure("row_unreadable", keyId);
        }
    }

    private static string CodeOf(EnvelopeFault fault) => fault switch
    {
        EnvelopeFault.NotConfigured => "not_configured",
        EnvelopeFault.KeyNotFound => "key_not_found",
        EnvelopeFault.KeyDisabled => "key_disabled",
        EnvelopeFault.KeyRefused => "key_refused",
        _ => "does_not_open",
    };

    private async Task<byte[]> Seal(SealedRow found, byte[] envelope, CancellationToken cancellationToken)
    {
        var scope = found.Column!.Scope(found.Tenant, found.Table, found.Row!);
        var plaintext = await protector.Unprotect(envelope, scope, cancellationToken);
        byte[] again = [];
        try
        {
            if (found.Column.Credential is { } credential)
            {
                audit.Decrypted(found.Tenant, credential(found.Row!), AuditActor.System);
            }

            var moved = await protector.Protect(plaintext, scope, cancellationToken);
            again = await protector.Unprotect(moved, scope, cancellationToken);
            return CryptographicOperations.FixedTimeEquals(plaintext, again) ? moved : throw new EnvelopeException("What was sealed anew does not open as it was.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
            CryptographicOperations.ZeroMemory(again);
        }
    }
}
