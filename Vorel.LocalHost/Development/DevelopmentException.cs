namespace Vorel.LocalHost.Development;

/// <summary>Something a person can put right: the message is one line that says what to do.</summary>
public sealed class DevelopmentException(string message, Exception? inner = null) : Exception(message, inner);
