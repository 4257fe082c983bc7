using System.Text;

namespace Vorel.Fakes;

/// <summary>What goes wrong with one request.</summary>
/// <param name="Kind">How.</param>
public sealed record FrontFault(FrontFaultKind Kind)
{
    /// <summary>Where it answers: the status.</summary>
    public int Status { get; init; }

    /// <summary>The seconds of <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The type of the body.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>How many bytes the body has at least: it is repeated.</summary>
    public int AtLeast { get; init; }

    /// <summary>What it waits for.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>Whether it ends with what was sent.</summary>
    public bool Echoes { get; init; }

    /// <summary>The connection is reset.</summary>
    public static FrontFault Reset { get; } = new(FrontFaultKind.Reset);

    /// <summary>No answer comes.</summary>
    public static FrontFault Hang { get; } = new(FrontFaultKind.Hang);

    /// <summary>It is done, and the answer is lost.</summary>
    public static FrontFault LoseAnswer { get; } = new(FrontFaultKind.LoseAnswer);

    /// <summary>It is done, and half of the answer comes.</summary>
    public static FrontFault Truncate { get; } = new(FrontFaultKind.Truncate);

    /// <summary>A status with JSON that repeats what was sent.</summary>
    public static FrontFault Answer(int status, int? retryAfter = null) =>
        new(FrontFaultKind.Answer) { Status = status, RetryAfter = retryAfter, ContentType = "application/json", Echoes = true };

    /// <summary>A status with a text.</summary>
    public static FrontFault Text(int status, string text, string contentType) =>
        new(FrontFaultKind.Answer) { Status = status, Body = Encoding.UTF8.GetBytes(text), ContentType = contentType };
}

/// <summary>Ways to go wrong.</summary>
public enum FrontFaultKind
{
    /// <summary>Something else answers.</summary>
    Answer,

    /// <summary>The connection is reset before anything is done.</summary>
    Reset,

    /// <summary>Nothing is done and no answer comes.</summary>
    Hang,

    /// <summary>It is done, and the answer is lost.</summary>
    LoseAnswer,

    /// <summary>It is done, and half of the answer comes.</summary>
    Truncate,
}
