namespace Vorel.Durable.Replay;

/// <summary>The code asked to continue as new: with this input, and with or without the events that it did not take.</summary>
internal sealed record Continuation(string? Input, bool KeepsEvents);
