using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>A proxy on loopback that lets through who shows credentials.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly string authorization;
    private readonly Task serving;

    public TunnelProxy(string user, string password)
    {
        authorization = $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Where to, of all who were let through.</summary>
    public ConcurrentQueue<string> Tunnels { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = TunnelAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        try
        {
            using var held = client;
            var near = client.GetStream();
            while (true)
            {
                var head = await HeadAsync(near);
                if (!head.Contains(authorization, StringComparison.Ordinal))
                {
                    await near.WriteAsync("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stopping.Token);
                    continue;
                }
                var target = head.Split(' ')[1];
                Tunnels.Enqueue(target);
                using var server = new TcpClient();
                await server.ConnectAsync(IPEndPoint.Parse(target), stopping.Token);
                await near.WriteAsync("HTTP/1.1 200 Go on\r\n\r\n"u8.ToArray(), stopping.Token);
                var far = server.GetStream();
                await Task.WhenAny(near.CopyToAsync(far, stopping.Token), far.CopyToAsync(near, stopping.Token));
                return;
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // One side has gone.
        }
    }

    private async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, stopping.Token);
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
