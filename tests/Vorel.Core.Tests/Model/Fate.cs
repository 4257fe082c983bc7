namespace Vorel.Core.Tests.Model;

/// <summary>What becomes of one call that leaves the process.</summary>
internal enum Fate
{
    /// <summary>It takes effect and is answered.</summary>
    Works,

    /// <summary>It stands still before its effect, until the operation is resumed.</summary>
    Held,

    /// <summary>It stands still between its effect and its answer.</summary>
    HeldAfter,

    /// <summary>It has no effect, and no answer.</summary>
    Refused,

    /// <summary>It takes effect; the answer is lost.</summary>
    Lost,

    /// <summary>There is no answer, and the effect comes later, if at all.</summary>
    Late,

    /// <summary>The process dies before the effect.</summary>
    Killed,

    /// <summary>The process dies after the effect.</summary>
    KilledAfter,

    /// <summary>The process dies while the call is under way: the effect comes later, if at all.</summary>
    KilledLate,

    /// <summary>The caller gave up a call that stood still.</summary>
    Cancelled,
}
