using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Webhooks;

/// <summary>Sorts what a receiver or the network did into the classes of <see cref="AttemptError"/>.</summary>
internal static class AttemptErrors
{
    /// <summary>Null for a 2xx. What is no final status of HTTP counts as a broken protocol.</summary>
    public static AttemptError? OfStatus(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => AttemptError.Redirect,
        >= 400 and < 500 => AttemptError.Client,
        >= 500 and < 600 => AttemptError.Server,
        _ => AttemptError.Protocol,
    };

    /// <summary>The class of a failed call; null when the exception is not one of the receiver's or the network's making.</summary>
    public static AttemptError? OfException(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case EgressRefusedException:
                    return AttemptError.Guard;
                case AuthenticationException:
                    return AttemptError.Tls;
                case SocketException socket:
                    return OfSocket(socket.SocketErrorCode);
                case TimeoutException:
                    return AttemptError.Timeout;
            }
        }

        return exception switch
        {
            HttpRequestException http => OfRequest(http.HttpRequestError),
            HttpIOException http => OfRequest(http.HttpRequestError),
            IOException => AttemptError.Connection,
            _ => null,
        };
    }

    private static AttemptError OfSocket(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => AttemptError.Dns,
        SocketError.TimedOut => AttemptError.Timeout,
        _ => AttemptError.Connection,
    };

    private static AttemptError OfRequest(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => AttemptError.Dns,
        HttpRequestError.SecureConnectionError => AttemptError.Tls,
        HttpRequestError.InvalidResponse
            or HttpRequestError.HttpProtocolError
            or HttpRequestError.VersionNegotiationError
            or HttpRequestError.ConfigurationLimitExceeded => AttemptError.Protocol,
        _ => AttemptError.Connection,
    };
}
