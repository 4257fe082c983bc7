namespace Vorel.Core.Storage;

/// <summary>A row as it was read, with the version to name in a conditional write.</summary>
public sealed record Stored<T>(T Row, string ETag);
