using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>An event in the inbox.</summary>
internal sealed record InboxEvent(long Number, HistoryEvent Event);
