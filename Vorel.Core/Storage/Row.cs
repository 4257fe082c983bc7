namespace Vorel.Core.Storage;

/// <summary>
/// One stored row. Column values are <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="DateTimeOffset"/> (UTC), <see cref="Guid"/> or <see cref="byte"/>[]; a null column is absent.
/// </summary>
/// <param name="Key">The row key.</param>
/// <param name="ETag">The version to name in a conditional write.</param>
/// <param name="Columns">The columns, without the keys, the time stamp and the store's own bookkeeping.</param>
public sealed record Row(string Key, string ETag, IReadOnlyDictionary<string, object> Columns);
