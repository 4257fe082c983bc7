using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Vorel.Core.Ids;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>The ids of deliveries, which say all that is needed to find one.</summary>
public static class DeliveryIds
{
    /// <summary>What the tables' names start with; there is one for each month.</summary>
    internal const string TableFamily = "WebhookDeliveries";

    /// <summary>The name of the orchestration that makes a delivery's attempts.</summary>
    internal const string Orchestration = "WebhookDelivery";

    private static readonly TimeSpan s_life = TimeSpan.FromDays(60);

    /// <summary>
    /// The one delivery of an event to a subscription: the event's time and bits of a hash of both ids, so that a repeated
    /// fan-out finds the row it made before.
    /// </summary>
    public static Guid Of(Guid subscription, Guid eventId)
    {
        Span<byte> ids = stackalloc byte[32];
        subscription.TryWriteBytes(ids, bigEndian: true, out _);
        eventId.TryWriteBytes(ids[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(ids, hash);
        return Uuid7.Compose(hash[..16], Uuid7.TimeOf(eventId).ToUnixTimeMilliseconds(), BinaryPrimitives.ReadUInt16BigEndian(hash[16..]) & 0xFFF);
    }

    /// <summary>The id of the orchestration of a delivery.</summary>
    public static string InstanceOf(Guid delivery) => $"delivery:{delivery:D}";

    /// <summary>When the table of a month is over: as long after the month's end as a delivery is kept.</summary>
    internal static DateTimeOffset EndOf(DateTimeOffset month) => month.AddMonths(1) + s_life;

    /// <summary>The table of a delivery.</summary>
    internal static string TableOf(Guid delivery) => TableOf(Uuid7.TimeOf(delivery));

    /// <summary>The table of the deliveries made in the month of a moment.</summary>
    internal static string TableOf(DateTimeOffset moment) => TableFamily + moment.ToString("yyyyMM", CultureInfo.InvariantCulture);
}
