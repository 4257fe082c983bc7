namespace Vorel.Core.Crm.Providers;

/// <summary>What an operator enters to connect a provider: the console draws it, the API checks it, the docs list it.</summary>
public sealed record CrmForm(IReadOnlyList<CrmFormField> Fields)
{
    /// <summary>Nothing is entered.</summary>
    public static CrmForm Empty { get; } = new([]);

    /// <summary>Sets of fields of which exactly one is to be filled, and whole; empty where there is nothing to choose between.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OneOf { get; init; } = [];
}

/// <summary>One field of a form.</summary>
/// <param name="Name">Its member in the body and in the sealed credentials.</param>
/// <param name="Label">For people.</param>
/// <param name="Kind">What may stand in it.</param>
public sealed record CrmFormField(string Name, string Label, CrmFieldKind Kind)
{
    /// <summary>Whether the form is refused without it.</summary>
    public bool Required { get; init; } = true;

    /// <summary>In characters.</summary>
    public int MinLength { get; init; } = 1;

    /// <summary>In characters.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>What may be chosen, for <see cref="CrmFieldKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What is taken where the field is left out; null for nothing.</summary>
    public string? Default { get; init; }

    /// <summary>Whether we make one where it is left out, which is shown once.</summary>
    public bool IsMade { get; init; }

    /// <summary>The choice with which alone the field is there, and required if it is; null for always.</summary>
    public CrmFormCondition? When { get; init; }
}

/// <summary>A choice that another field hangs on.</summary>
/// <param name="Field">The field in which the choice is made.</param>
/// <param name="Choice">What is chosen in it.</param>
public sealed record CrmFormCondition(string Field, string Choice);

/// <summary>What may stand in a field.</summary>
public enum CrmFieldKind
{
    /// <summary>Visible ASCII without blanks; may be shown again.</summary>
    Text,

    /// <summary>As <see cref="Text"/>; never shown again.</summary>
    Secret,

    /// <summary>An address that the egress guard takes.</summary>
    Url,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>True or false.</summary>
    Switch,
}
