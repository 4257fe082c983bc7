namespace Vorel.Core.Messaging;

/// <summary>What is written is announced first, by a message that stays hidden until the write is over.</summary>
internal static class Announcements
{
    /// <summary>Shows an announcement now; puts a new one if it is gone, for then it was taken before there was anything to see.</summary>
    public static async Task ShowOrPut(this IWorkQueue queue, string name, QueueReceipt receipt, string body, CancellationToken cancellationToken)
    {
        if (!await queue.Show(name, receipt, cancellationToken))
        {
            await queue.Put(name, body, TimeSpan.Zero, cancellationToken);
        }
    }
}
