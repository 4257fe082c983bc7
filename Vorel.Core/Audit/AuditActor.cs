namespace Vorel.Core.Audit;

/// <summary>Who did it. Ids alone fit in here, in their one canonical form, and the names of those who have none.</summary>
public sealed record AuditActor
{
    /// <summary>The operator who came with the development token.</summary>
    public const string Development = "development";

    private const string Itself = "vorel";

    private readonly string? _requestId;

    /// <summary>An actor.</summary>
    /// <param name="kind">What kind of party.</param>
    /// <param name="id">Its id, a UUID in lower case with hyphens; or <see cref="Development"/> for the operator of that name.</param>
    /// <exception cref="ArgumentException">The id is neither.</exception>
    public AuditActor(AuditActorKind kind, string id)
    {
        Kind = kind;
        Id = IsId(id) || id == NameOf(kind) ? id : throw new ArgumentException("An actor's id is a UUID, in lower case and with hyphens.", nameof(id));
    }

    /// <summary>Vorel itself.</summary>
    public static AuditActor System { get; } = new(AuditActorKind.System, Itself);

    /// <summary>What kind of party.</summary>
    public AuditActorKind Kind { get; }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The request in which it was done, by the id that we gave it; null where there was none.</summary>
    /// <exception cref="ArgumentException">It is no UUID in its canonical form.</exception>
    public string? RequestId
    {
        get => _requestId;
        init => _requestId = value is null || IsId(value) ? value : throw new ArgumentException("A request's id is a UUID, in lower case and with hyphens.", nameof(value));
    }

    /// <summary>The conversation for which it was done; null where there was none.</summary>
    public Guid? Conversation { get; init; }

    private static bool IsId(string text) => Guid.TryParseExact(text, "D", out var id) && string.Equals(id.ToString("D"), text, StringComparison.Ordinal);

    private static string? NameOf(AuditActorKind kind) => kind switch
    {
        AuditActorKind.Operator => Development,
        AuditActorKind.System => Itself,
        _ => null,
    };
}
