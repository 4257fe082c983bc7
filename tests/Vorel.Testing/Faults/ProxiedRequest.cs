using System.Text;

namespace Vorel.Testing.Faults;

/// <summary>A request as a <see cref="FaultProxy"/> sees it, for a fault to choose by.</summary>
public sealed class ProxiedRequest
{
    private readonly ReadOnlyMemory<byte> _content;

    internal ProxiedRequest(StorageService service, HttpWireMessage message)
    {
        var (method, target) = message.RequestLine;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        Service = service;
        Method = method;
        Path = query < 0 ? target : target[..query];
        Query = query < 0 ? string.Empty : target[query..];
        _content = message.Content;
    }

    /// <summary>Whom it goes to.</summary>
    public StorageService Service { get; }

    /// <summary>Such as <c>POST</c>.</summary>
    public string Method { get; }

    /// <summary>As sent: with the account, percent-encoded.</summary>
    public string Path { get; }

    /// <summary>As sent, with its question mark; empty when there is none.</summary>
    public string Query { get; }

    /// <summary>The body, such as the parts of a <c>$batch</c>.</summary>
    public string Content => Encoding.UTF8.GetString(_content.Span);

    /// <summary>Whether it may change something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");
}
