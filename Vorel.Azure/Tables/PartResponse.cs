using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace Vorel.Azure.Tables;

/// <summary>What became of one action: its status and, for a row that was written, its new ETag.</summary>
internal sealed class PartResponse(int status, string? etag) : Response
{
    public override int Status => status;

    public override string ReasonPhrase => string.Empty;

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = string.Empty;

    public override void Dispose()
    {
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = IsETag(name) ? etag : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => etag is null ? [] : [new HttpHeader("ETag", etag)];

    private static bool IsETag(string name) => string.Equals(name, "ETag", StringComparison.OrdinalIgnoreCase);
}
