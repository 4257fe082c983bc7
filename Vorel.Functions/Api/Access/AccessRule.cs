namespace Vorel.Functions.Api.Access;

/// <summary>Who may call an endpoint. Every endpoint states one; the start fails for an endpoint without.</summary>
internal abstract record AccessRule
{
    private AccessRule()
    {
    }

    /// <summary>Everyone, for a reason that its author gives: it shows and changes nothing of anyone's, or looks itself at what is shown to it.</summary>
    public sealed record Anyone(string Because) : AccessRule;

    /// <summary>A tenant's API key that has <paramref name="Scope"/>.</summary>
    public sealed record TenantKey(string Scope) : AccessRule;

    /// <summary>An operator.</summary>
    public sealed record Operator : AccessRule;
}
