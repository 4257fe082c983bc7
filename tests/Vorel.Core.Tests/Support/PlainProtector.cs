using System.Text;
using Vorel.Core.Security;

namespace Vorel.Core.Tests.Support;

/// <summary>Binds values to their scope without hiding them: wrong scopes fail, and that is all the domain's tests need.</summary>
internal sealed class PlainProtector : IEnvelopeProtector
{
    public ValueTask<byte[]> Protect(ReadOnlyMemory<byte> plaintext, EnvelopeScope scope, CancellationToken cancellationToken) =>
        new([.. Head(scope), .. plaintext.Span]);

    public ValueTask<byte[]> Unprotect(ReadOnlyMemory<byte> envelope, EnvelopeScope scope, CancellationToken cancellationToken)
    {
        var head = Head(scope);
        return envelope.Span.StartsWith(head) ? new(envelope.Span[head.Length..].ToArray()) : throw new EnvelopeException("wrong scope");
    }

    private static byte[] Head(EnvelopeScope scope) => Encoding.UTF8.GetBytes(scope + "\n");
}
