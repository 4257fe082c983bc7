using System.Text.Json.Nodes;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Referees;

/// <summary>A filter that can be evaluated here, and written by either client.</summary>
internal abstract record FilterTree
{
    /// <summary>Whether it holds of a row, by plain comparison.</summary>
    public abstract bool Holds(TableEntity row);

    /// <summary>As our client writes it.</summary>
    public abstract TableFilter ToOurs();

    /// <summary>As <c>tables.mjs</c> takes it.</summary>
    public abstract JsonArray ToTheirs();

    public sealed record Both(string Operator, FilterTree Left, FilterTree Right) : FilterTree
    {
        public override bool Holds(TableEntity row) => Operator == "and" ? Left.Holds(row) && Right.Holds(row) : Left.Holds(row) || Right.Holds(row);

        public override TableFilter ToOurs()
        {
            var (left, right) = (Left.ToOurs(), Right.ToOurs());
            TableFilter and = $"{left} and {right}";
            TableFilter or = $"{left} or {right}";
            return Operator == "and" ? and : or;
        }

        public override JsonArray ToTheirs() => new(Operator, Left.ToTheirs(), Right.ToTheirs());
    }

    public sealed record Not(FilterTree Inner) : FilterTree
    {
        public override bool Holds(TableEntity row) => !Inner.Holds(row);

        public override TableFilter ToOurs() => $"not {Inner.ToOurs()}";

        public override JsonArray ToTheirs() => new("not", Inner.ToTheirs());
    }

    public sealed record Compare(string Column, string Operator, object Value) : FilterTree
    {
        public override bool Holds(TableEntity row)
        {
            var order = (row[Column], Value) switch
            {
                (string left, string right) => string.CompareOrdinal(left, right),
                (byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right),
                (IComparable left, var right) => left.CompareTo(right),
                _ => throw new InvalidOperationException("A row lacks a column."),
            };
            return Operator switch
            {
                "eq" => order == 0,
                "ne" => order != 0,
                "gt" => order > 0,
                "ge" => order >= 0,
                "lt" => order < 0,
                _ => order <= 0,
            };
        }

        public override TableFilter ToOurs()
        {
            var filter = new TableFilter(0, 1);
            filter.AppendLiteral($"{Column} {Operator} ");
            switch (Value)
            {
                case string text: filter.AppendFormatted(text); break;
                case int number: filter.AppendFormatted(number); break;
                case long number: filter.AppendFormatted(number); break;
                case double number: filter.AppendFormatted(number); break;
                case bool flag: filter.AppendFormatted(flag); break;
                case DateTimeOffset time: filter.AppendFormatted(time); break;
                case Guid id: filter.AppendFormatted(id); break;
                default: filter.AppendFormatted((byte[])Value); break;
            }

            return filter;
        }

        public override JsonArray ToTheirs() => new(Column, Operator, RefereeEntity.Value(Value));
    }
}
