using System.Net;
using System.Net.Sockets;
using Observe.Agent.Configuration.Options;
using Observe.Agent.Http;
using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Can the agent listen where it is told to? Tries, and lets go at once.</summary>
/// <param name="addresses">Where.</param>
/// <param name="paths">Where to look for who holds a busy port.</param>
public sealed class ListenProbe(IReadOnlyList<ListenAddress> addresses, HostPaths paths) : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) =>
        new([.. addresses.Select(each => Try(each, toleratesObserve: true))]);

    /// <summary>Why the agent could not listen, one line an address; empty if all addresses are free.</summary>
    public IReadOnlyList<string> Explain() =>
    [
        .. addresses.Select(each => Try(each, toleratesObserve: false))
            .Where(each => each.Level == StatusLevel.Failed)
            .Select(each => $"cannot {each.Component}: {each.Detail}; {each.Remedy}"),
    ];

    private ComponentStatus Try(ListenAddress address, bool toleratesObserve)
    {
        var component = $"listen on {address}";
        try
        {
            foreach (var endPoint in EndPoints(address))
                Bind(endPoint);
            return new(component, StatusLevel.Ok, "free");
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var owner = address.IsUnix ? null : PortOwner.Find(paths, address.Port);
            // A check beside the running service finds the service itself.
            if (toleratesObserve && owner is { Name: "observe" })
                return new(component, StatusLevel.Ok, $"served by a running observe (pid {owner.Id})");
            return new(
                component, StatusLevel.Failed, owner is null ? "address already in use" : $"address already in use by {owner.Name} (pid {owner.Id})",
                "stop what listens there, or choose another address with --listen or listen:");
        }
        catch (SocketException error)
        {
            return new(component, StatusLevel.Failed, Reason(error), Remedy(error));
        }
    }

    private static string Reason(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressNotAvailable => "this host has no such address",
        _ => error.Message,
    };

    private static string Remedy(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AccessDenied => "choose a port above 1023 or a directory the agent may write, or grant CAP_NET_BIND_SERVICE",
        SocketError.AddressNotAvailable => "listen on an address of this host (ip address), or on all with :PORT",
        _ => "choose another address with --listen or listen:",
    };

    private static IEnumerable<EndPoint> EndPoints(ListenAddress address) => address switch
    {
        { IsUnix: true } => [new UnixDomainSocketEndPoint(address.Host)],
        { Host: "*" } => [new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, address.Port)],
        { Host: "localhost" } => [new IPEndPoint(IPAddress.Loopback, address.Port)],
        _ => [new IPEndPoint(IPAddress.Parse(address.Host), address.Port)],
    };

    private static void Bind(EndPoint endPoint)
    {
        if (endPoint is UnixDomainSocketEndPoint unix)
        {
            TryUnix(unix);
            return;
        }
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endPoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
            socket.DualMode = true;
        socket.Bind(endPoint);
        socket.Listen(1);
    }

    // Binding would leave a file, or take the place of one, so this looks instead: a socket that answers is in use.
    private static void TryUnix(UnixDomainSocketEndPoint endPoint)
    {
        var path = endPoint.ToString();
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new SocketException((int)SocketError.AddressNotAvailable, $"the directory {Path.GetDirectoryName(path)} does not exist");
        if (UnixSocketFile.IsServed(path))
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }
}
