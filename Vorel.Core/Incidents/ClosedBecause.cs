namespace Vorel.Core.Incidents;

/// <summary>Why an incident was closed, as stored and shown.</summary>
internal static class ClosedBecause
{
    /// <summary>Nothing of it stands still any more.</summary>
    public const string Resolved = "resolved";

    /// <summary>What it was about is no longer connected.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>Another provider took the place of the one it was about.</summary>
    public const string Replaced = "replaced";
}
