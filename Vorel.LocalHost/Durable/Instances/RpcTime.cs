using Google.Protobuf.WellKnownTypes;
using Vorel.Durable;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>Times and spans as clients send them.</summary>
internal static class RpcTime
{
    /// <summary>Tables know no time before it; nothing here is as old.</summary>
    private static readonly DateTimeOffset s_earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="RpcException">InvalidArgument: it is not within the years 1 to 9999.</exception>
    public static DateTimeOffset? Of(Timestamp? time, string what)
    {
        try
        {
            return time?.ToDateTimeOffset() is { } read ? Storable(read) : null;
        }
        catch (InvalidOperationException)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The {what} is not a time.");
        }
    }

    /// <exception cref="RpcException">InvalidArgument: it is negative, or not a span at all.</exception>
    public static TimeSpan? Of(Duration? span, string what)
    {
        try
        {
            return span?.ToTimeSpan() is not { } read ? null : read >= TimeSpan.Zero ? read : throw new OverflowException();
        }
        catch (Exception error) when (error is InvalidOperationException or OverflowException)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The {what} is not a span of time.");
        }
    }

    /// <summary>The time, or the earliest that can be compared with.</summary>
    public static DateTimeOffset Storable(DateTimeOffset time) => time < s_earliest ? s_earliest : time;
}
