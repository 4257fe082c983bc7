namespace Vorel.Core.Outbox;

/// <summary>The ways a write goes out, each done and retried alone; a set bit is done.</summary>
[Flags]
internal enum Legs
{
    /// <summary>Nothing is done.</summary>
    None = 0,

    /// <summary>Every matching subscription has its delivery.</summary>
    Webhooks = 1,

    /// <summary>The CRM write is on its way, or there is no CRM.</summary>
    Mirror = 2,

    /// <summary>The event is on the topic, or there is no topic.</summary>
    Topic = 4,

    /// <summary>Everything is done.</summary>
    All = Webhooks | Mirror | Topic,
}
