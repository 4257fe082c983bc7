namespace Vorel.Core.Storage;

/// <summary>A typed row: how it maps to the columns of the store. Every row type carries <see cref="DataClassAttribute"/>.</summary>
public interface IRow<TSelf>
    where TSelf : class, IRow<TSelf>
{
    /// <summary>The table, or, where rows are spread over tables by time, what those tables' names start with.</summary>
    static abstract string Table { get; }

    /// <summary>The row key. It never holds customer data: keys appear in URLs and storage logs.</summary>
    string RowKey { get; }

    /// <summary>The columns.</summary>
    Columns ToColumns();

    /// <summary>Reads a row back. A missing or mistyped column is an <see cref="InvalidDataException"/>.</summary>
    static abstract TSelf FromColumns(string rowKey, Columns columns);
}
