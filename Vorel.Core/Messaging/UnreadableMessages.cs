using Vorel.Core.Alerts;

namespace Vorel.Core.Messaging;

/// <summary>
/// Sets messages aside that no version of ours can have put: trying them again would never help, and each try would take the
/// place of work. They lie in a queue of their own, for people to look at, until <see cref="Life"/> is over.
/// </summary>
public sealed class UnreadableMessages(IWorkQueue queues, IAlerts alerts)
{
    // Ours are a few hundred; what is longer is cut, because a text that is no text may grow beyond what a queue takes.
    private const int Kept = 4096;

    /// <summary>How long people can look at what was set aside. Nobody knows what it holds, so it lives as the shortest-lived customer content does (ADR 0003).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>The message that <paramref name="body"/> is; null if it is none, and was set aside.</summary>
    /// <exception cref="InvalidDataException">It is of another version: it must come again, to be taken by a process of that version.</exception>
    public async Task<WorkMessage?> Read(string queue, string body, CancellationToken cancellationToken) =>
        ParseOurs(body) ?? (await SetAside(queue, body, cancellationToken) ? null : throw OfAnotherVersion());

    /// <summary>What to throw at a message of another version, or of another queue, which may mean the same: it must come again.</summary>
    internal static InvalidDataException OfAnotherVersion() => new("The message is of a version that this one does not know.");

    /// <summary>Sets <paramref name="body"/> aside if it is no message. False if it is one, or may be one of a version that is not ours.</summary>
    public async Task<bool> SetAside(string queue, string body, CancellationToken cancellationToken)
    {
        if (ParseOurs(body) is not null || (body.Length <= Kept && WorkMessage.MayBeOfAnotherVersion(body)))
        {
            return false;
        }

        await queues.Keep(QueueOf(queue), body[..Math.Min(body.Length, Kept)], Life, cancellationToken);
        alerts.Raise(new Alert(AlertCode.UnknownWork, default, queue, "unreadable"));
        return true;
    }

    /// <summary>Where what was unreadable in <paramref name="queue"/> lies.</summary>
    public static string QueueOf(string queue) => $"{queue}-unreadable";

    private static WorkMessage? ParseOurs(string body) => body.Length <= Kept ? WorkMessage.Parse(body) : null;
}
