namespace Vorel.Functions.Hosting;

/// <summary>
/// How the process ends. The Functions host never restarts a handler that exited with 0, restarts one that exited with
/// 200 without a strike, and counts every other code towards the three strikes after which it stops itself.
/// </summary>
internal static class ExitCodes
{
    /// <summary>A verb of the command line did its work; never used by a serving process.</summary>
    public const int Done = 0;

    /// <summary>The host that started us is gone; an orphan would hold its port.</summary>
    public const int ParentGone = 70;

    /// <summary>Something that must be there at start was not.</summary>
    public const int StartFailed = 71;

    /// <summary>The settings are not fit to start with.</summary>
    public const int BadSettings = 78;

    /// <summary>An orderly stop: start me again.</summary>
    public const int Restart = 200;
}
