using System.Text.Json;

namespace Vorel.Core.Crm.Providers;

/// <summary>Reads opened credentials.</summary>
internal static class CrmCredentials
{
    /// <summary>A text that must be there.</summary>
    /// <exception cref="CrmException">It is not: these are credentials of another form.</exception>
    public static string Text(JsonElement credentials, string name) => TextOrNull(credentials, name)
        ?? throw new CrmException(CrmErrorCode.ValidationError, $"The credentials lack {name}.", retryable: false);

    /// <summary>A text, or null.</summary>
    public static string? TextOrNull(JsonElement credentials, string name) =>
        credentials.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
