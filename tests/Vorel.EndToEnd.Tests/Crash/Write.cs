using System.Collections.Concurrent;

namespace Vorel.EndToEnd.Tests.Crash;

/// <summary>What a write did.</summary>
internal enum WriteKind
{
    Conversation,
    Lead,
    Change,
}

/// <summary>
/// One write as its caller knows it. Its token is a value that no other write has, in a field that shows in the store, in its event and in the CRM.
/// </summary>
/// <param name="Kind">What it did.</param>
/// <param name="Token">Its own value: a conversation's customer_identifier, a lead's name, a change's timeline.</param>
/// <param name="HasKey">Whether it was sent under an Idempotency-Key, which is then the token.</param>
internal sealed record Write(WriteKind Kind, string Token, bool HasKey)
{
    private readonly ConcurrentQueue<WriteAnswer> _answers = new();

    /// <summary>Every answer; a write that was repeated has several.</summary>
    public IReadOnlyCollection<WriteAnswer> Answers => _answers;

    /// <summary>The lead that a change is to.</summary>
    public string? Target { get; init; }

    /// <summary>The id of the record it made or changed, once one is known.</summary>
    public string? Record { get; private set; }

    /// <summary>What the caller may hold the system to.</summary>
    public Fate Fate => _answers.Any(answer => answer.Kind == AnswerKind.Accepted)
        ? Fate.Accepted
        : _answers.All(answer => answer.Kind == AnswerKind.Refused) ? Fate.Refused : Fate.Unknown;

    public void Add(WriteAnswer answer)
    {
        _answers.Enqueue(answer);
        Record ??= answer.Record;
    }
}

/// <summary>What became of a write, as far as its caller was told.</summary>
internal enum Fate
{
    /// <summary>It was answered with success: all that follows from it must happen, once.</summary>
    Accepted,

    /// <summary>Every answer refused it: nothing may come of it.</summary>
    Refused,

    /// <summary>An answer was lost: all of it must have happened, or nothing.</summary>
    Unknown,
}
