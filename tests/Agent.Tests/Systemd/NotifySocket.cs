using System.Net.Sockets;
using System.Text;

namespace Observe.Agent.Tests.Systemd;

/// <summary>systemd's end of sd_notify: a real datagram socket, by path or abstract.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string? path;

    public NotifySocket(bool isAbstract)
    {
        var name = $"observe-notify-{Guid.NewGuid():N}";
        path = isAbstract ? null : Path.Combine(Path.GetTempPath(), name);
        Address = path ?? "@" + name;
        socket.Bind(new UnixDomainSocketEndPoint(path ?? "\0" + name));
        socket.ReceiveTimeout = 10_000;
    }

    public string Address { get; }

    public string Receive()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    public string ReceiveUntil(Func<string, bool> wanted)
    {
        while (true)
        {
            var message = Receive();
            if (wanted(message))
                return message;
        }
    }

    /// <summary>What comes until there is silence for half a second.</summary>
    public List<string> ReceiveAll()
    {
        var all = new List<string>();
        while (socket.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectRead))
            all.Add(Receive());
        return all;
    }

    public void Dispose()
    {
        socket.Dispose();
        if (path is not null)
            File.Delete(path);
    }
}
