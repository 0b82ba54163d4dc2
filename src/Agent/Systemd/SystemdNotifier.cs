using System.Net.Sockets;
using System.Text;

namespace Observe.Agent.Systemd;

/// <summary>
/// Tells systemd how the service fares, as sd_notify(3) does: one datagram a message to the socket that systemd named. Does
/// nothing where there is no systemd.
/// </summary>
public sealed class SystemdNotifier : IDisposable
{
    /// <summary>The variable that names the socket.</summary>
    public const string SocketVariable = "NOTIFY_SOCKET";

    private readonly UnixDomainSocketEndPoint? endPoint;
    private readonly Socket? socket;

    /// <summary>Prepares to notify.</summary>
    /// <param name="address">The socket: an absolute path, or <c>@</c> and an abstract name; null or empty for none.</param>
    public SystemdNotifier(string? address)
    {
        if (string.IsNullOrEmpty(address) || address[0] is not ('/' or '@'))
            return;
        // An abstract name begins with a zero byte, for which systemd writes @.
        endPoint = new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address);
        socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    }

    /// <summary>True if somebody listens to notifications.</summary>
    public bool IsEnabled => socket is not null;

    /// <summary>Sends a message. Never throws and never waits: a service manager that does not listen is no reason to stop.</summary>
    /// <param name="state">Assignments, one a line: <c>READY=1</c>.</param>
    /// <returns>True if it was sent.</returns>
    public bool Notify(string state)
    {
        if (socket is null)
            return false;
        try
        {
            return socket.SendTo(Encoding.UTF8.GetBytes(state), endPoint!) > 0;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket?.Dispose();
}
