using System.Security.Cryptography;
using System.Text.Json;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Credentials while they are open. Disposed of, they are wiped from memory as far as they lie here.</summary>
internal sealed class OpenedCredentials(byte[] json) : IDisposable
{
    private readonly JsonDocument _document = JsonDocument.Parse(json);

    /// <summary>Only valid until this is disposed of.</summary>
    public JsonElement Values => _document.RootElement;

    /// <inheritdoc/>
    public void Dispose()
    {
        _document.Dispose();
        CryptographicOperations.ZeroMemory(json);
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(OpenedCredentials);
}
