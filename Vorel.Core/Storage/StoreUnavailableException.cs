namespace Vorel.Core.Storage;

/// <summary>The store did not answer in time, or shed the call. Whether a write took effect is unknown. Callers answer 503.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
