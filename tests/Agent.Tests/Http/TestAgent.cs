using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Configuration;
using Observe.Collectors;

namespace Observe.Agent.Tests.Http;

/// <summary>The whole agent in this process: real server on a loopback port, real host, the collector of itself and those of the test's choice.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestAgent(WebApplication app, StringWriter log)
    {
        this.app = app;
        Log = log;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public StringWriter Log { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<TestAgent> StartAsync(ICollector[]? collectors = null, string[]? settings = null, Action<IServiceCollection>? adjust = null)
    {
        var sources = new ConfigurationSources { Listen = ["127.0.0.1:0"], Assignments = ["collectors.sched.enabled=false", "collectors.cgroup.enabled=false", .. settings ?? []] };
        var configuration = ConfigurationLoader.Load(sources);
        configuration.Errors.ShouldBeEmpty();
        var log = new StringWriter();
        var app = AgentHost.Build(sources, configuration, TextWriter.Synchronized(log), services =>
        {
            foreach (var collector in collectors ?? [])
                services.AddSingleton(collector);
            adjust?.Invoke(services);
        });
        await app.StartAsync();
        return new TestAgent(app, log);
    }

    /// <summary>Sends bytes as they are and returns what comes back until the server closes or has nothing more to say.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
