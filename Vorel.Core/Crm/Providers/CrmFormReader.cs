using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Errors;
using Vorel.Core.Json;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Providers;

/// <summary>Checks what was entered in a provider's form. It finds every fault at once, and repeats nothing of any value.</summary>
/// <remarks>Text is visible ASCII: nothing of it ends a line of a header, or looks like something else than it is.</remarks>
/// <param name="guard">Checks the addresses.</param>
public sealed class CrmFormReader(EgressGuard guard)
{
    /// <summary>The member beside the fields that names the provider.</summary>
    public const string Provider = "provider";

    /// <summary>A body that names a provider and has the fields of its form beside that.</summary>
    /// <exception cref="ValidationException">Something is wrong with it.</exception>
    public EnteredForm Read(ReadOnlyMemory<byte> body)
    {
        using var document = StrictJson.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ValidationException("", "must be an object");
        }

        var named = root.TryGetProperty(Provider, out var slug) && slug.ValueKind == JsonValueKind.String ? CrmProviders.Find(slug.GetString()) : null;
        if (named is not { SignIn: not CrmSignIn.AuthorizationCode } provider)
        {
            throw new ValidationException("/" + Provider, named is null
                ? $"must be one of {string.Join(", ", CrmProviders.All.Where(one => one.SignIn != CrmSignIn.AuthorizationCode).Select(one => one.Slug))}"
                : "is signed in to and not entered: ask for a link with POST to oauth below this address");
        }

        var credentials = Read(provider.Form, root);
        var made = provider.Form.Fields.FirstOrDefault(field => field.IsMade);
        return new EnteredForm(provider, credentials, made is null ? null : credentials[made.Name]!.GetValue<string>());
    }

    /// <summary>The credentials to seal: the fields by their names, with what is taken where one is left out.</summary>
    /// <param name="form">The form.</param>
    /// <param name="body">The body of the request, an object that was read strictly.</param>
    /// <exception cref="ValidationException">Something is wrong with it; the errors point at the members.</exception>
    public JsonObject Read(CrmForm form, JsonElement body)
    {
        var errors = new List<FieldError>();
        var credentials = new JsonObject();
        foreach (var field in form.Fields)
        {
            if (Value(field, body, errors) is { } value)
            {
                credentials[field.Name] = value;
            }
        }

        errors.AddRange(Conditions(form, body, credentials));
        errors.AddRange(Sets(form, body));
        errors.AddRange(body.EnumerateObject()
            .Where(member => member.Name != Provider && form.Fields.All(field => field.Name != member.Name))
            .Select(member => new FieldError(JsonPath.StepOf(member.Name), "is not a field of this provider's form")));
        return errors.Count == 0 ? credentials : throw new ValidationException(errors);
    }

    private static bool IsFilled(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static IEnumerable<FieldError> Conditions(CrmForm form, JsonElement body, JsonObject credentials)
    {
        foreach (var field in form.Fields)
        {
            if (field.When is { } undecided && credentials[undecided.Field] is null)
            {
                // The choice itself is wrong, and said to be.
                continue;
            }

            var applies = field.When is not { } when || credentials[when.Field]!.GetValue<string>() == when.Choice;
            if (applies && field.Required && field.Default is null && !IsFilled(body, field.Name))
            {
                yield return new FieldError(JsonPath.StepOf(field.Name), "is missing");
            }
            else if (!applies && IsFilled(body, field.Name))
            {
                yield return new FieldError(JsonPath.StepOf(field.Name), $"is only for {field.When!.Field} {field.When.Choice}");
            }
        }
    }

    private static IEnumerable<FieldError> Sets(CrmForm form, JsonElement body)
    {
        if (form.OneOf.Count == 0)
        {
            yield break;
        }

        var touched = form.OneOf.Where(set => set.Any(name => IsFilled(body, name))).ToList();
        if (touched.Count != 1)
        {
            yield return new FieldError("", $"must have {string.Join(", or ", form.OneOf.Select(set => string.Join(" and ", set)))}, and not both");
            yield break;
        }

        foreach (var name in touched[0].Where(name => !IsFilled(body, name)))
        {
            yield return new FieldError(JsonPath.StepOf(name), "is missing");
        }
    }

    private JsonValue? Value(CrmFormField field, JsonElement body, List<FieldError> errors)
    {
        if (!IsFilled(body, field.Name))
        {
            return field.IsMade ? JsonValue.Create(WebhookSecret.Generate()) : field is { Default: { } standard, When: null } ? JsonValue.Create(standard) : null;
        }

        var pointer = JsonPath.StepOf(field.Name);
        var value = body.GetProperty(field.Name);
        if (field.Kind == CrmFieldKind.Switch)
        {
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? JsonValue.Create(value.GetBoolean()) : Wrong("must be true or false");
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Wrong("must be a text");
        }

        var text = value.GetString()!;
        return field.Kind switch
        {
            CrmFieldKind.Url => JsonValue.Create(guard.Check(text, pointer, errors)),
            CrmFieldKind.Choice => field.Choices.Contains(text) ? JsonValue.Create(text) : Wrong($"must be one of {string.Join(", ", field.Choices)}"),
            _ => IsText(field, text) ? JsonValue.Create(text) : Wrong($"must have {field.MinLength} to {field.MaxLength} visible ASCII characters"),
        };

        JsonValue? Wrong(string why)
        {
            errors.Add(new FieldError(pointer, why));
            return null;
        }
    }

    private static bool IsText(CrmFormField field, string text) =>
        text.Length >= field.MinLength && text.Length <= field.MaxLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}

/// <summary>What was entered in a form.</summary>
/// <param name="Provider">Whose form.</param>
/// <param name="Credentials">What is to be sealed.</param>
/// <param name="Shown">The secret that both sides have to know, to be shown this once; null where there is none.</param>
public sealed record EnteredForm(CrmProvider Provider, JsonObject Credentials, string? Shown)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(EnteredForm);
}
