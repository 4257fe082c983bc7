using System.Reflection;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Storage.Gate;

namespace Vorel.Core.Tests.Security.Rewraps;

/// <summary>A new sealed column cannot be forgotten: a row type with bytes in it is one that a rewrap knows, or one that says why it need not.</summary>
public sealed class SealedColumnsTests
{
    [Fact]
    public void Every_row_type_with_bytes_is_known_to_the_rewrap() => Assert.Empty(Unknown(RowGate.RowsOf(typeof(SealedColumn).Assembly)));

    [Fact]
    public void A_row_type_that_nobody_has_declared_is_found() => Assert.Equal(["ForgottenRow"], Unknown([typeof(ForgottenRow)]));

    [Fact]
    public void No_row_type_is_both_and_no_two_columns_have_one_name()
    {
        Assert.DoesNotContain(SealedColumns.All, column => SealedColumns.Others.ContainsKey(column.RowType.Name));
        Assert.Equal(SealedColumns.All.Count, SealedColumns.All.Select(column => column.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(SealedColumns.All, column => column.Name == RewrapCursor.End || column.Name.Contains('|', StringComparison.Ordinal));
    }

    private static IEnumerable<string> Unknown(IEnumerable<Type> rows) => rows
        .Where(HoldsBytes)
        .Where(row => SealedColumns.All.All(column => column.RowType != row) && !SealedColumns.Others.ContainsKey(row.Name))
        .Select(row => row.Name);

    private static bool HoldsBytes(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(property => property.PropertyType)
        .Any(property => property == typeof(byte[]) || property.GetGenericArguments().Any(argument => argument.Namespace?.StartsWith("Vorel", StringComparison.Ordinal) == true && HoldsBytes(argument)));

    private sealed record ForgottenRow(string RowKey, byte[] Sealed) : IRow<ForgottenRow>
    {
        public static string Table => "Forgotten";

        public static ForgottenRow FromColumns(string rowKey, Columns columns) => new(rowKey, columns.Bytes("sealed"));

        public Columns ToColumns() => new Columns().SetBytes("sealed", Sealed);
    }
}
