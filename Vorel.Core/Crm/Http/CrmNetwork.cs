using System.Net.Http;
using System.Net.Sockets;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Crm.Http;

/// <summary>What failures of the network mean. Their own messages may name hosts and addresses and are attached to nothing.</summary>
internal static class CrmNetwork
{
    /// <summary>The failure of a try that came to no answer; null for what is not of the network's making.</summary>
    public static CrmFailure? Of(Exception exception, string name, bool isRead)
    {
        if (AttemptErrors.OfException(exception) is not { } error)
        {
            return null;
        }

        // The guard's refusal lasts: asking again at once would be refused again.
        var neverLeft = NeverLeft(exception, error);
        var code = error == AttemptError.Protocol ? CrmErrorCode.ProviderError : CrmErrorCode.ProviderUnavailable;
        return new CrmFailure(
            new CrmException(code, $"{name}: {Describe(error)}", retryable: true) { OutcomeUnknown = !isRead && !neverLeft },
            mayRepeat: error != AttemptError.Guard && (isRead || neverLeft),
            isDown: true);
    }

    /// <summary>A try that took too long.</summary>
    public static CrmFailure Timeout(string name, bool isRead) => new(
        new CrmException(CrmErrorCode.ProviderUnavailable, $"{name}: {Describe(AttemptError.Timeout)}", retryable: true) { OutcomeUnknown = !isRead },
        isRead,
        isDown: true);

    /// <summary>Whether the request certainly never reached the provider.</summary>
    private static bool NeverLeft(Exception exception, AttemptError error) =>
        error is AttemptError.Dns or AttemptError.Guard or AttemptError.Tls
        || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        || exception is HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } };

    private static string Describe(AttemptError error) => error switch
    {
        AttemptError.Timeout => "it did not answer in time.",
        AttemptError.Dns => "its name did not resolve.",
        AttemptError.Tls => "the TLS handshake failed.",
        AttemptError.Guard => "its address is not on the public internet.",
        AttemptError.Protocol => "it did not answer in HTTP.",
        _ => "the connection failed.",
    };
}
