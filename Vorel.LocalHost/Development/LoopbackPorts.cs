using System.Net;
using System.Net.Sockets;

namespace Vorel.LocalHost.Development;

/// <summary>Finds and checks ports on the loopback address.</summary>
public static class LoopbackPorts
{
    /// <summary>A port that was free a moment ago. Another process may take it in between: whoever binds it reports that.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
