namespace Vorel.LocalHost.Sandbox;

/// <summary>One request that a receiver saw.</summary>
/// <param name="At">Domain time of its arrival.</param>
/// <param name="RealAt">Real time of its arrival.</param>
/// <param name="Id">The envelope's id, or the idempotency key; empty where the body has none.</param>
/// <param name="Kind">The event's name, or the CRM action.</param>
/// <param name="Verified">Whether the signature was right.</param>
/// <param name="Status">What was answered; 0 where the connection was cut.</param>
/// <param name="Body">The body as text.</param>
/// <param name="BodyBase64">The body's bytes.</param>
internal sealed record Received(
    DateTimeOffset At, DateTimeOffset RealAt, string Id, string Kind, bool Verified, int Status, string Body, string BodyBase64);
