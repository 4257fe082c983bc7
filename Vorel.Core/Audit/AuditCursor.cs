using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Vorel.Core.Ids;

namespace Vorel.Core.Audit;

/// <summary>Where verifying left off, and what it still expects to find, so that a month in many pages is judged as one in a single page.</summary>
/// <param name="Last">The last row that was read.</param>
/// <param name="Expected">The rows that later rows of their chains lead to.</param>
internal sealed record AuditCursor(Guid Last, IReadOnlyList<AuditHead> Expected)
{
    private const int IdBytes = 16;

    public override string ToString() => Base64Url.EncodeToString([.. Last.ToByteArray(bigEndian: true), .. AuditHeads.Write(Expected)]);

    /// <summary>Reads a cursor of a month.</summary>
    public static bool TryParse(string text, string month, [NotNullWhen(true)] out AuditCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(text, out var length) || length < IdBytes || (length - IdBytes) % AuditHeads.Bytes != 0)
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        var read = new AuditCursor(new Guid(bytes.AsSpan(0, IdBytes), bigEndian: true), AuditHeads.Read(bytes[IdBytes..]));
        cursor = read.Expected.Select(head => head.Last).Append(read.Last).All(IsOfMonth) ? read : null;
        return cursor is not null;

        bool IsOfMonth(Guid id) => Uuid7.TryParse(id.ToString("D"), out _) && AuditKeys.MonthOf(id) == month;
    }
}
