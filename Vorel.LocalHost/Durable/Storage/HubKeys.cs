using System.Buffers;
using System.Globalization;
using System.Text;
using Vorel.Azure.Tables;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>
/// Names in the hub's table. Every row key but the instance's names its execution, so that what an earlier execution of the same
/// instance id left behind is recognised without reading it.
/// </summary>
internal static class HubKeys
{
    public const string Inbox = "inbox";
    public const string History = "history";
    public const string Task = "task";
    public const string Timer = "timer";
    public const string Send = "send";

    /// <summary>Keys hold 512 characters; the longest row key puts 9 before the partition's.</summary>
    private const int MaxPartition = 480;
    private const int MaxInstanceId = 256;
    private const string InstancePrefix = "instance|";

    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    private static readonly SearchValues<char> s_partition =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:~");

    private static readonly SearchValues<char> s_refused = SearchValues.Create(
        [.. "/\\#?", .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code)]);

    /// <summary>The hub's table: its name's letters and digits, so that any hub name makes a table name.</summary>
    public static string Table(string hub)
    {
        var name = string.Concat(hub.Where(char.IsAsciiLetterOrDigit));
        name = name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : "Hub" + name;
        return name[..Math.Min(name.Length, 45)] + "Durable";
    }

    /// <summary>Why an instance id cannot be one, or null where it can.</summary>
    public static string? Refusal(string instanceId) => instanceId switch
    {
        "" => "An instance id is not empty.",
        { Length: > MaxInstanceId } => $"An instance id has at most {MaxInstanceId} characters.",
        ['@', ..] => "An instance id does not start with '@'.",
        _ when instanceId.AsSpan().ContainsAny(s_refused) => "An instance id holds none of / \\ # ? and no control character.",
        _ when Partition(instanceId).Length > MaxPartition => "The instance id has too many characters beyond ASCII for this local host.",
        _ => null,
    };

    /// <summary>
    /// An instance's partition key: letters, digits and <c>-_.:</c> as they are, every other byte of the id's UTF-8 as a tilde and two
    /// hex digits. No two ids share one, and it is safe in a URL and in a filter.
    /// </summary>
    public static string Partition(string instanceId)
    {
        if (!instanceId.AsSpan().ContainsAnyExcept(s_plain))
        {
            return instanceId;
        }

        var key = new StringBuilder(instanceId.Length + 16);
        foreach (var unit in Encoding.UTF8.GetBytes(instanceId))
        {
            _ = s_plain.Contains((char)unit) ? key.Append((char)unit) : key.Append('~').Append(unit.ToString("x2", CultureInfo.InvariantCulture));
        }

        return key.ToString();
    }

    /// <summary>
    /// The instance's own row. Its key repeats the partition's because the emulator looks a row up by row key first: with one
    /// name for all, every read would walk over all instances.
    /// </summary>
    public static string Instance(string partition) => InstancePrefix + partition;

    public static bool IsInstance(string rowKey) => rowKey.StartsWith(InstancePrefix, StringComparison.Ordinal);

    /// <summary>The instances' own rows alone, of all keys: every one of them starts so, and no other row does.</summary>
    public static TableFilter OnlyInstances => $"RowKey ge {InstancePrefix} and RowKey lt {"instance}"}";

    /// <summary>A key above all partitions of ids that start as <paramref name="prefix"/> does, which <see cref="Partition"/> gave.</summary>
    public static string After(string prefix) => prefix + "~~";

    /// <summary>True for what <see cref="Partition"/> may have given.</summary>
    public static bool IsPartition(string text) => text.Length is > 0 and <= MaxPartition && !text.AsSpan().ContainsAnyExcept(s_partition);

    /// <summary>A row of an execution: <c>inbox</c> by sequence, <c>history</c> by chunk, the others by action id.</summary>
    public static string Row(string kind, string execution, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}|{execution}|{number:D10}");

    /// <summary>Takes a row key of <see cref="Row"/> apart; false for any other key.</summary>
    public static bool TryParse(string rowKey, out (string Kind, string Execution, long Number) parts)
    {
        var pieces = rowKey.Split('|');
        if (pieces.Length == 3 && long.TryParse(pieces[2], CultureInfo.InvariantCulture, out var number))
        {
            parts = (pieces[0], pieces[1], number);
            return true;
        }

        parts = default;
        return false;
    }
}
