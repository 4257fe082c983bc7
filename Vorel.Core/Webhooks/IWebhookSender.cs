namespace Vorel.Core.Webhooks;

/// <summary>Makes one delivery attempt: signs the bytes afresh and POSTs them, 10 s in all, through the egress guard, following nothing.</summary>
public interface IWebhookSender
{
    /// <summary>Never throws for what the receiver or the network does: that is the outcome.</summary>
    Task<AttemptOutcome> Send(WebhookRequest request, CancellationToken cancellationToken);
}

/// <param name="TargetUrl">The subscription's URL.</param>
/// <param name="Secret">The whole secret text, prefix included: it is the HMAC key as UTF-8.</param>
/// <param name="Body">The stored bytes, sent as they are.</param>
public sealed record WebhookRequest(string TargetUrl, string Secret, ReadOnlyMemory<byte> Body)
{
    /// <summary>Nothing of it: the secret must not get into a log through an interpolated record.</summary>
    public override string ToString() => nameof(WebhookRequest);
}

/// <summary>What one attempt came to.</summary>
/// <param name="Status">The HTTP status, or null when there was none.</param>
/// <param name="Error">Null after a 2xx; else why the attempt failed.</param>
/// <param name="Latency">From the start of the attempt to its end.</param>
/// <param name="Excerpt">The first bytes of the answer (at most 1 KiB), which may echo customer data: store it sealed only.</param>
public sealed record AttemptOutcome(int? Status, AttemptError? Error, TimeSpan Latency, ReadOnlyMemory<byte> Excerpt);

/// <summary>Why an attempt failed.</summary>
public enum AttemptError
{
    /// <summary>A 4xx: the receiver refused the request itself.</summary>
    Client,

    /// <summary>A 5xx.</summary>
    Server,

    /// <summary>A 3xx, which is recorded and not followed.</summary>
    Redirect,

    /// <summary>A 1xx as final answer, or an answer that is not HTTP.</summary>
    Protocol,

    /// <summary>The 10 s were over.</summary>
    Timeout,

    /// <summary>The name did not resolve.</summary>
    Dns,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>The connection was refused, reset or closed.</summary>
    Connection,

    /// <summary>The egress guard refused the address.</summary>
    Guard,

    /// <summary>Each process that made the attempt died before it recorded how it ended. Whether the receiver got it is not known.</summary>
    Interrupted,
}
