using System.Text;

namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// Seals with the vault's key where there is one, else with the local root, and opens each envelope by what it says it is: never the one for want of
/// the other.
/// </summary>
public sealed class EnvelopeProtector : IEnvelopeProtector, IDisposable
{
    private readonly LocalEnvelopeProtector? _local;
    private readonly KmsEnvelopeProtector? _kms;

    /// <param name="local">Opens, and without <paramref name="kms"/> seals, envelopes of kind local; null where there is no root.</param>
    /// <param name="kms">Opens and seals envelopes of kind kms; null where no vault is configured.</param>
    /// <exception cref="ArgumentException">Neither is there.</exception>
    public EnvelopeProtector(LocalEnvelopeProtector? local, KmsEnvelopeProtector? kms)
    {
        if (local is null && kms is null)
        {
            throw new ArgumentException("Something has to seal.", nameof(local));
        }

        _local = local;
        _kms = kms;
    }

    /// <summary>Whether what is sealed now is sealed with a vault's key.</summary>
    public bool HasVault => _kms is not null;

    /// <inheritdoc/>
    public ValueTask<byte[]> Protect(ReadOnlyMemory<byte> plaintext, EnvelopeScope scope, CancellationToken cancellationToken) =>
        _kms is null ? _local!.Protect(plaintext, scope, cancellationToken) : _kms.Protect(plaintext, scope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]> Unprotect(ReadOnlyMemory<byte> envelope, EnvelopeScope scope, CancellationToken cancellationToken) =>
        EnvelopeHeader.Read(envelope.Span, out _).Kind == EnvelopeKind.Kms
            ? (_kms ?? throw NotConfigured("with Key Vault, and no Key Vault is configured.")).Unprotect(envelope, scope, cancellationToken)
            : (_local ?? throw NotConfigured($"with the local root, and {LocalEnvelopeProtector.SettingName} is not set.")).Unprotect(envelope, scope, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _kms?.Dispose();

    /// <summary>The key that envelopes are sealed with now, as <see cref="KeyIdOf"/> names it.</summary>
    internal async ValueTask<string> CurrentKeyId(CancellationToken cancellationToken) =>
        _kms is null ? NameOf(EnvelopeKind.Local, _local!.KeyId) : NameOf(EnvelopeKind.Kms, await _kms.CurrentKeyId(cancellationToken));

    /// <summary>The key that an envelope says it was sealed with: <c>local:</c> and the root's fingerprint, or <c>kms:</c> and the address of the vault's key.</summary>
    /// <exception cref="EnvelopeException">It is too short, or of a version or kind that does not exist.</exception>
    internal static string KeyIdOf(ReadOnlySpan<byte> envelope)
    {
        var header = EnvelopeHeader.Read(envelope, out _);
        return NameOf(header.Kind, Encoding.UTF8.GetString(header.KeyId));
    }

    private static string NameOf(EnvelopeKind kind, string keyId) => (kind == EnvelopeKind.Kms ? "kms:" : "local:") + keyId;

    private static EnvelopeException NotConfigured(string rest) => new("The envelope was sealed " + rest) { Fault = EnvelopeFault.NotConfigured };
}
