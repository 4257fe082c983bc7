using System.Buffers;
using System.Text;

namespace Vorel.Azure.Tables;

/// <summary>
/// What Azure Tables can hold. It is refused here, before anything is sent: the emulator accepts some of it, and a late refusal
/// by the service would look like an outage. Messages name columns and sizes, never values.
/// </summary>
public static class TableLimits
{
    /// <summary>UTF-16 characters of a string column.</summary>
    public const int MaxStringLength = 32_767;

    /// <summary>Bytes of a binary column.</summary>
    public const int MaxBinaryLength = 64 * 1024;

    /// <summary>UTF-16 characters of a key: 1 KiB.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>Characters of a column name.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Columns of an entity, without its keys and time stamp, with the write id.</summary>
    public const int MaxProperties = 252;

    /// <summary>Bytes of an entity, counted as the service counts.</summary>
    public const int MaxEntitySize = 1024 * 1024;

    /// <summary>Writes of a transaction.</summary>
    public const int MaxTransactionActions = 100;

    /// <summary>Bytes of a transaction's request body.</summary>
    public const int MaxTransactionSize = 4 * 1024 * 1024;

    /// <summary>The bookkeeping column that holds the id of the write that made the present version of a row.</summary>
    public const string WriteIdColumn = "_w";

    private static readonly DateTimeOffset s_minTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SearchValues<char> s_notInKeys = SearchValues.Create(
        [.. "/\\#?", .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code)]);

    /// <summary>Refuses a key that is too long or holds <c>/ \ # ?</c> or control characters.</summary>
    /// <exception cref="TableLimitException">The key cannot be stored.</exception>
    public static void CheckKey(string key, string what)
    {
        ArgumentNullException.ThrowIfNull(key, what);
        if (key.Length > MaxKeyLength)
        {
            throw new TableLimitException($"The {what} has {key.Length} characters; the limit is {MaxKeyLength} (1 KiB).");
        }

        if (key.AsSpan().ContainsAny(s_notInKeys))
        {
            throw new TableLimitException($"The {what} holds one of / \\ # ? or a control character.");
        }

        CheckText(key, what);
    }

    internal static void CheckEntity(TableEntity entity)
    {
        CheckKey(entity.PartitionKey, "partition key");
        CheckKey(entity.RowKey, "row key");
        CheckColumns(entity.PartitionKey, entity.RowKey, entity.Columns);
    }

    internal static void CheckCount(int actions)
    {
        if (actions is < 1 or > MaxTransactionActions)
        {
            throw new TableLimitException($"A transaction has 1 to {MaxTransactionActions} writes, not {actions}.");
        }
    }

    internal static void CheckETag(string? etag)
    {
        if (string.IsNullOrEmpty(etag))
        {
            throw new TableLimitException("A conditional write names the ETag it was read with, or \"*\".");
        }
    }

    /// <summary>Checks the columns and returns the entity's size as the service counts it.</summary>
    internal static long CheckColumns(string partitionKey, string rowKey, IEnumerable<KeyValuePair<string, object>> columns)
    {
        // The service counts 4 bytes, the keys, and for each property 8 bytes, its name and its value, in UTF-16.
        long size = 4 + (2 * (partitionKey.Length + rowKey.Length)) + 8 + (2 * WriteIdColumn.Length) + 16;
        var count = 1;
        foreach (var (name, value) in columns)
        {
            if (value is not null)
            {
                CheckName(name);
                count++;
                size += 8 + (2 * name.Length) + SizeOf(name, value);
            }
        }

        if (count > MaxProperties)
        {
            throw new TableLimitException($"The entity has {count} properties, write id included; the limit is {MaxProperties}.");
        }

        if (size > MaxEntitySize)
        {
            throw new TableLimitException($"The entity takes {size} bytes; the limit is {MaxEntitySize} (1 MiB).");
        }

        return size;
    }

    internal static void CheckIdentifier(string name)
    {
        var first = name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_');
        if (!first || name.Length > MaxNameLength || !name.All(character => char.IsLetterOrDigit(character) || character == '_'))
        {
            throw new TableLimitException($"A column name is an identifier of at most {MaxNameLength} characters.");
        }
    }

    internal static void CheckTableName(string name)
    {
        if (name.Length is < 3 or > 63 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit))
        {
            throw new TableLimitException("A table name has 3 to 63 ASCII letters and digits and starts with a letter.");
        }
    }

    private static void CheckName(string name)
    {
        CheckIdentifier(name);
        if (name is "PartitionKey" or "RowKey" or "Timestamp" or WriteIdColumn)
        {
            throw new TableLimitException($"The column name {name} is reserved.");
        }
    }

    private static int SizeOf(string name, object value)
    {
        switch (value)
        {
            case string text:
                if (text.Length > MaxStringLength)
                {
                    throw new TableLimitException($"Column {name} has {text.Length} characters; the limit is {MaxStringLength}.");
                }

                CheckText(text, name);
                return 4 + (2 * text.Length);
            case byte[] bytes:
                return bytes.Length <= MaxBinaryLength
                    ? 4 + bytes.Length
                    : throw new TableLimitException($"Column {name} has {bytes.Length} bytes; the limit is {MaxBinaryLength} (64 KiB).");
            case DateTimeOffset time:
                return time >= s_minTime
                    ? 8
                    : throw new TableLimitException($"Column {name} holds a time before the year 1601.");
            case Guid:
                return 16;
            case long or double:
                return 8;
            case int:
                return 4;
            case bool:
                return 1;
            default:
                throw new TableLimitException($"Column {name} holds a {value.GetType().Name}, which tables cannot hold.");
        }
    }

    internal static void CheckText(string text, string what)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return;
        }

        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != OperationStatus.Done)
            {
                throw new TableLimitException($"{what} holds half of a surrogate pair, which cannot be written as UTF-8.");
            }

            rest = rest[consumed..];
        }
    }
}
