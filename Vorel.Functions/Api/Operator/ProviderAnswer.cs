using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Functions.Api.Operator;

/// <summary>All providers.</summary>
internal sealed record ProviderListAnswer(IReadOnlyList<ProviderAnswer> Data);

/// <summary>A provider: what the console needs to draw how it is connected.</summary>
/// <param name="Provider">Its slug.</param>
/// <param name="Name">For people.</param>
/// <param name="SignIn"><c>form</c>, <c>authorization_code</c> or <c>client_credentials</c>.</param>
/// <param name="HasDriver">Whether it can be written to: without, a connection stays pending.</param>
/// <param name="HasApp">Whether this installation has an app of its own there to sign in by; null where nobody signs in.</param>
/// <param name="Environments">What may be chosen from when somebody signs in.</param>
/// <param name="Scopes">What is asked for.</param>
/// <param name="Form">What is entered.</param>
internal sealed record ProviderAnswer(
    string Provider,
    string Name,
    string SignIn,
    bool HasDriver,
    bool? HasApp,
    IReadOnlyList<string> Environments,
    IReadOnlyList<string> Scopes,
    FormAnswer Form)
{
    public static ProviderAnswer Of(CrmProvider provider, OAuthApps apps) => new(
        provider.Slug,
        provider.Name,
        provider.SignIn.Wire(),
        provider.HasDriver,
        provider.SignIn == CrmSignIn.AuthorizationCode ? apps.Find(provider.Slug) is not null : null,
        provider is { SignIn: CrmSignIn.AuthorizationCode, OAuth: { } oauth } ? oauth.Environments : [],
        provider.OAuth?.Scopes ?? [],
        FormAnswer.Of(provider.Form));
}

/// <summary>A form.</summary>
/// <param name="Fields">Its fields, in the order in which they are asked.</param>
/// <param name="OneOf">Sets of fields of which exactly one is to be filled.</param>
internal sealed record FormAnswer(IReadOnlyList<FormFieldAnswer> Fields, IReadOnlyList<IReadOnlyList<string>> OneOf)
{
    public static FormAnswer Of(CrmForm form) => new([.. form.Fields.Select(FormFieldAnswer.Of)], form.OneOf);
}

/// <summary>A field.</summary>
internal sealed record FormFieldAnswer(
    string Name,
    string Label,
    string Kind,
    bool Required,
    bool IsMade,
    int? MinLength,
    int? MaxLength,
    IReadOnlyList<string> Choices,
    string? Default,
    ConditionAnswer? When)
{
    public static FormFieldAnswer Of(CrmFormField field)
    {
        var isText = field.Kind is CrmFieldKind.Text or CrmFieldKind.Secret;
        return new FormFieldAnswer(
            field.Name,
            field.Label,
            Wire(field.Kind),
            field.Required,
            field.IsMade,
            isText ? field.MinLength : null,
            isText ? field.MaxLength : null,
            field.Choices,
            field.Default,
            field.When is { } when ? new ConditionAnswer(when.Field, when.Choice) : null);
    }

    private static string Wire(CrmFieldKind kind) => kind switch
    {
        CrmFieldKind.Secret => "secret",
        CrmFieldKind.Url => "url",
        CrmFieldKind.Choice => "choice",
        CrmFieldKind.Switch => "switch",
        _ => "text",
    };
}

/// <summary>The choice with which alone a field is there.</summary>
internal sealed record ConditionAnswer(string Field, string Choice);
