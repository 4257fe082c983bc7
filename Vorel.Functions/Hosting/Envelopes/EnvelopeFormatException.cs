namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>The host's call is not what the contract says. The message names the part, never its content.</summary>
internal sealed class EnvelopeFormatException(string message) : Exception(message);
