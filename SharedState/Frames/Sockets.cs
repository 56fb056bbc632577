using System.Net;
using System.Net.Sockets;

namespace Platform.SharedState.Frames;

internal static class Sockets
{
    public static ProtocolType ProtocolOf(EndPoint address) =>
        address.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;

    /// <summary>A frame goes out at once; it is gathered already.</summary>
    public static void HurryUp(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp) socket.NoDelay = true;
    }
}
