namespace Vorel.Azure.Tables;

/// <summary>A write exceeds what a table can hold and was not sent. It is a fault of the calling code, which must check its input first.</summary>
public sealed class TableLimitException(string message) : ArgumentException(message);
