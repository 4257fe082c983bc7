using System.Buffers.Binary;
using System.Security.Cryptography;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>
/// Binds rows of the audit log to their tenant, their place and each other: HMAC-SHA256 under a key of the tenant's own. The root is
/// that of the index keys, because it can never change either: digests under it are row keys, and the log is kept.
/// </summary>
/// <param name="root">The secret in <c>VOREL_INDEX_KEY</c>; it must outlive this.</param>
public sealed class AuditKey(RootSecret root)
{
    /// <summary>The column that holds a row's MAC, the one that is not under it.</summary>
    internal const string Column = "mac";

    private const string Label = "vorel/audit-key/1";

    /// <summary>The MAC of a row: over its key and every column but this one, in the order of their names. README.md in this folder has the bytes.</summary>
    internal byte[] Mac(TenantId tenant, string rowKey, IReadOnlyDictionary<string, object> columns)
    {
        var parts = new LengthPrefixed().Add(rowKey);
        foreach (var (name, value) in columns.Where(column => column.Key != Column).OrderBy(column => column.Key, StringComparer.Ordinal))
        {
            Add(parts.Add(name), value);
        }

        Span<byte> key = stackalloc byte[32];
        try
        {
            root.DeriveKey(key, salt: [], Label, tenant.ToString());
            return HMACSHA256.HashData(key, parts.ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Whether a row is just as we wrote it, for this tenant and under this key.</summary>
    internal bool Fits(TenantId tenant, Row row)
    {
        try
        {
            return row.Columns.GetValueOrDefault(Column) is byte[] mac && CryptographicOperations.FixedTimeEquals(mac, Mac(tenant, row.Key, row.Columns));
        }
        catch (ArgumentException)
        {
            // A text that is no Unicode, or a value of a type that we write none of.
            return false;
        }
    }

    private static void Add(LengthPrefixed parts, object value)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        switch (value)
        {
            case string text:
                parts.Add((byte)'s').Add(text);
                break;
            case long whole:
                BinaryPrimitives.WriteInt64BigEndian(number, whole);
                parts.Add((byte)'i').Add(number);
                break;
            case DateTimeOffset moment:
                BinaryPrimitives.WriteInt64BigEndian(number, moment.UtcTicks);
                parts.Add((byte)'t').Add(number);
                break;
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                parts.Add((byte)'g').Add(bytes);
                break;
            case byte[] binary:
                parts.Add((byte)'x').Add(binary);
                break;
            default:
                throw new ArgumentException($"The log has no values of type {value.GetType().Name}.", nameof(value));
        }
    }
}
