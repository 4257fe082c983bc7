using System.Text.Json;
using Vorel.Core.Records;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>Reads the bodies of a receiver's 2xx answers.</summary>
internal static class CustomWebhookAnswers
{
    /// <summary>After a create or an update: where the record lives. Anything but that is an error, not a guess.</summary>
    public static CrmReference Reference(ReadOnlyMemory<byte> body)
    {
        var answer = Parse(body);
        if (answer.ExternalId is not { Length: > 0 and <= CustomWebhookDefaults.MaxExternalIdLength } externalId
            || externalId.Any(char.IsControl))
        {
            throw CustomWebhookErrors.Malformed(
                $"external_id must be a text of 1 to {CustomWebhookDefaults.MaxExternalIdLength} characters without control characters");
        }

        return new CrmReference(externalId, answer.RecordUrl is null ? null : RecordUrl(answer.RecordUrl));
    }

    /// <summary>After a delete: how thorough it was. A receiver that does not say is not taken to have done more than hide the record.</summary>
    public static CrmDeletion Deletion(ReadOnlyMemory<byte> body) => body.IsEmpty ? CrmDeletion.Soft : Parse(body).Deletion switch
    {
        "hard" => CrmDeletion.Hard,
        "soft" or null => CrmDeletion.Soft,
        _ => throw CustomWebhookErrors.Malformed("deletion must be hard or soft"),
    };

    private static CustomWebhookAnswer Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, CustomWebhookJson.Default.CustomWebhookAnswer)
                ?? throw CustomWebhookErrors.Malformed("it is not a JSON object");
        }
        catch (JsonException)
        {
            // Not attached: the parser's message may quote what the receiver echoed.
            throw CustomWebhookErrors.Malformed("it is not a JSON object with the agreed members");
        }
    }

    private static Uri RecordUrl(string text) =>
        (text.Length <= CustomWebhookDefaults.MaxRecordUrlLength ? WebLink.Parse(text) : null)
        ?? throw CustomWebhookErrors.Malformed(
            $"record_url must be an http or https URL without a user name, of at most {CustomWebhookDefaults.MaxRecordUrlLength} characters");
}
