namespace Vorel.Core.Crm.Providers;

/// <summary>What an operator enters to connect a provider: the console draws it, the API checks it, the docs list it.</summary>
public sealed record CrmForm(IReadOnlyList<CrmFormField> Fields)
{
    /// <summary>Nothing is entered.</summary>
    public static CrmForm Empty { get; } = new([]);
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
}

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
