using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>The names and limits of the custom webhook; README.md beside this file explains them to the receiver's author.</summary>
internal static class CustomWebhookDefaults
{
    public const string Provider = "custom_webhook";

    public const int MaxAnswerBytes = 64 * 1024;

    public const int MaxExternalIdLength = 512;

    public const int MaxRecordUrlLength = 2048;

    /// <summary>A create comes before every update: the record's versions count from 1.</summary>
    public const long CreateSequence = 0;

    /// <summary>Nothing comes after a delete: 2^53 − 1, the largest whole number that every JSON reader keeps.</summary>
    public const long DeleteSequence = 9007199254740991;

    /// <summary>For one call in all: name, connection, TLS, headers and body.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The receiver translates, so it takes every object type; what it cannot hold it refuses itself. The rate is our choice: a receiver publishes none.</summary>
    public static readonly CrmCapabilities Capabilities = new(
        Enum.GetValues<CrmObject>().ToHashSet(),
        CanRead: false,
        CrmDeletion.Soft,
        Rate: new CrmRate(50, TimeSpan.FromSeconds(1)));

    public static readonly CrmProvider Definition = new(
        Provider,
        "Custom webhook",
        CrmSignIn.Form,
        new CrmForm(
        [
            new CrmFormField("url", "URL", CrmFieldKind.Url),
            new CrmFormField("secret", "Signing secret", CrmFieldKind.Secret) { Required = false, MinLength = 24, IsMade = true },
        ]))
    {
        AccountOf = credentials => CrmSystem.AccountOf(new Uri(credentials.GetProperty("url").GetString()!)),
        Open = CustomWebhookDriver.Open,
    };
}
