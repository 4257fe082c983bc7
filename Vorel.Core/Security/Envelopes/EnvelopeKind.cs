namespace Vorel.Core.Security.Envelopes;

/// <summary>How the key of an envelope is found. The number is the envelope's second byte and never changes its meaning.</summary>
internal enum EnvelopeKind : byte
{
    /// <summary>Derived from the root key in the environment and the row's salt.</summary>
    Local = 1,

    /// <summary>A random data key, wrapped by Key Vault.</summary>
    Kms = 2,
}
