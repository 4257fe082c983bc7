using System.Text.Json.Nodes;
using Vorel.Core.Errors;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>What is entered to connect a custom webhook, checked.</summary>
public static class CustomWebhookForm
{
    private const int MinSecretLength = 24;
    private const int MaxSecretLength = 200;

    /// <summary>The credentials that the driver opens with.</summary>
    /// <param name="egress">Says which URLs may be called.</param>
    /// <param name="url">Where records are posted.</param>
    /// <param name="secret">What the posts are signed with: 24 to 200 visible ASCII characters; null has one made.</param>
    /// <exception cref="ValidationException">The URL or the secret is refused.</exception>
    public static (JsonObject Credentials, string Secret) Read(EgressGuard egress, string? url, string? secret)
    {
        var errors = new List<FieldError>();
        var target = egress.Check(url, "/url", errors);
        if (secret is not null && (secret.Length is < MinSecretLength or > MaxSecretLength || secret.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            errors.Add(new FieldError("/secret", $"must have {MinSecretLength} to {MaxSecretLength} visible ASCII characters"));
        }

        if (errors.Count > 0)
        {
            throw new ValidationException(errors);
        }

        secret ??= WebhookSecret.Generate();
        return (new JsonObject { ["url"] = target, ["secret"] = secret }, secret);
    }
}
