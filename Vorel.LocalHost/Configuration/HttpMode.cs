namespace Vorel.LocalHost.Configuration;

/// <summary>How an HTTP function of one httpTrigger and one http output gets its requests.</summary>
public enum HttpMode
{
    /// <summary>As the JSON envelope, like every other function: where host.json asks for nothing else.</summary>
    Envelope,

    /// <summary><c>enableForwardingHttpRequest</c>: the request rebuilt, the answer buffered. All that hosts before 2025 know.</summary>
    Forwarding,

    /// <summary><c>enableProxyingHttpRequest</c>: request and answer streamed by a reverse proxy. Goes before forwarding where both are set.</summary>
    Proxying,
}
