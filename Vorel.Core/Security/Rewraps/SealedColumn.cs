using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Security.Rewraps;

/// <summary>A column that holds an envelope.</summary>
/// <param name="Name">Its name in cursors; never changed.</param>
/// <param name="RowType">The type of its rows.</param>
/// <param name="Table">Their table, or what the names of their tables start with.</param>
/// <param name="IsFamily">Whether they are spread over tables by time.</param>
/// <param name="Rows">Their keys.</param>
/// <param name="Column">The column, as <see cref="Columns.SetBytes"/> names it.</param>
/// <param name="Scope">What a row's envelope is bound to.</param>
internal sealed record SealedColumn(
    string Name, Type RowType, string Table, bool IsFamily, RowRange Rows, string Column, Func<TenantId, string, Row, EnvelopeScope> Scope)
{
    /// <summary>The credential whose opening is told to the audit log; null where rows hold none.</summary>
    public Func<Row, Guid>? Credential { get; init; }

    /// <summary>The envelope of a row; null where nothing is sealed in it (any more).</summary>
    /// <exception cref="InvalidDataException">It is not all there.</exception>
    public byte[]? Read(Row row)
    {
        var columns = new Columns(row.Columns);
        var envelope = columns.Bytes(Column);
        return envelope.Length > 0 ? envelope
            : columns.NumberOrNull(Column + "_length") is null or 0 ? null
            : throw new InvalidDataException("A sealed value is not all there.");
    }

    /// <summary>The row with another envelope, and all else as it was, whoever wrote it.</summary>
    public RowWrite Write(Row row, byte[] envelope) => new RowWrite.Replace(row.Key, row.ETag, new Columns(row.Columns).SetBytes(Column, envelope).Values);

    /// <summary>A column of a row type.</summary>
    public static SealedColumn Of<T>(string name, RowRange rows, string column, Func<TenantId, string, T, EnvelopeScope> scope, bool isFamily = false)
        where T : class, IRow<T> => new(name, typeof(T), T.Table, isFamily, rows, column, (tenant, table, row) => scope(tenant, table, Parse<T>(row)));

    /// <summary>The row as its type reads it.</summary>
    public static T Parse<T>(Row row)
        where T : class, IRow<T> => T.FromColumns(row.Key, new Columns(row.Columns));
}
