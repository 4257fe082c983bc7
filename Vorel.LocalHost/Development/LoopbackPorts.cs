using System.Net;
using System.Net.Sockets;

namespace Vorel.LocalHost.Development;

/// <summary>Finds and checks ports on the loopback address.</summary>
public static class LoopbackPorts
{
    private const int Remembered = 64;

    private static readonly Lock s_gate = new();
    private static readonly Queue<int> s_given = [];

    /// <summary>
    /// A port that was free a moment ago, and not one of the last that were given: several processes that start at once must not get the same.
    /// Another program may take it in between: whoever binds it reports that.
    /// </summary>
    public static int Free()
    {
        lock (s_gate)
        {
            int port;
            do
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                port = ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            while (s_given.Contains(port));

            s_given.Enqueue(port);
            if (s_given.Count > Remembered)
            {
                s_given.Dequeue();
            }

            return port;
        }
    }

    /// <summary>True when <paramref name="port"/> can be bound now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
