namespace Vorel.Core.Security;

/// <summary>A sealed value did not open, or nothing can be sealed. The message never holds key or data.</summary>
public sealed class EnvelopeException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public EnvelopeFault Fault { get; init; } = EnvelopeFault.DoesNotOpen;

    /// <summary>The key that it is about, where it is about one: the address of a vault's key, no secret.</summary>
    public string? KeyId { get; init; }
}

/// <summary>Why a sealed value does not open.</summary>
public enum EnvelopeFault
{
    /// <summary>It is malformed, was changed, belongs elsewhere, or was sealed with another key.</summary>
    DoesNotOpen,

    /// <summary>It is of a kind that nothing is configured for.</summary>
    NotConfigured,

    /// <summary>Its key, or that version of it, is not in the vault.</summary>
    KeyNotFound,

    /// <summary>Its key, or that version of it, is switched off.</summary>
    KeyDisabled,

    /// <summary>Its key is not one that we may use: the vault refuses us, or it is not of our vault.</summary>
    KeyRefused,
}
