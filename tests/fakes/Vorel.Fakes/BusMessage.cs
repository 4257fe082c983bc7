namespace Vorel.Fakes;

/// <summary>A message as a receiver would get it.</summary>
/// <param name="MessageId">What duplicates are told by.</param>
/// <param name="Label">What it is about.</param>
/// <param name="CorrelationId">What it belongs to.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Properties">The application's properties: text, true or false, whole numbers, other numbers, times.</param>
/// <param name="Body">The payload.</param>
public sealed record BusMessage(
    string? MessageId,
    string? Label,
    string? CorrelationId,
    string? SessionId,
    string ContentType,
    IReadOnlyDictionary<string, object> Properties,
    byte[] Body);
