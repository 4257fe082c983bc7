namespace Vorel.Azure.Tables;

/// <summary>Options of the table clients.</summary>
public sealed class TableClientOptions : ServiceClientOptions;
