using System.Net.Sockets;

namespace Observe.Agent.Http;

/// <summary>The file of a unix socket, which outlives a process that was killed.</summary>
internal static class UnixSocketFile
{
    /// <summary>True if somebody listens on it.</summary>
    public static bool IsServed(string path) => Connect(path) is null;

    /// <summary>Removes what a dead process left; never another kind of file, never a socket that is served.</summary>
    public static void RemoveStale(string path)
    {
        // A refused connection alone does not tell: a regular file refuses as well.
        if (Connect(path) == SocketError.ConnectionRefused && !Opens(path))
            File.Delete(path);
    }

    private static SocketError? Connect(string path)
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(path));
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    // open(2) of a socket fails with ENXIO; what cannot be opened for lack of permission counts as a file, to be left alone.
    private static bool Opens(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
