using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Observe.Collectors.VCenter;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>Something on loopback that answers as a test wants it to: mostly not as a vCenter would.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Func<HttpContext, string, Task> answer;

    private AnsweringServer(Func<HttpContext, string, Task> answer, X509Certificate2? certificate, int port)
    {
        this.answer = answer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        app = builder.Build();
        app.Run(HandleAsync);
        IsTls = certificate is not null;
    }

    public bool IsTls { get; }

    public Uri Url => new($"{app.Urls.First()}/sdk");

    /// <summary>Methods that were called, in their order.</summary>
    public ConcurrentQueue<string> Methods { get; } = new();

    /// <summary>Headers and bodies of all requests.</summary>
    public ConcurrentQueue<(string Method, string? Cookie, string? Action, string Body)> Requests { get; } = new();

    /// <param name="answer">Answers a call of a method: is given its name.</param>
    /// <param name="certificate">The server's; null for plain HTTP.</param>
    /// <param name="port">0 for any.</param>
    public static async Task<AnsweringServer> StartAsync(Func<HttpContext, string, Task> answer, X509Certificate2? certificate = null, int port = 0)
    {
        var server = new AnsweringServer(answer, certificate, port);
        await server.app.StartAsync();
        return server;
    }

    public VCenterEndpoint Endpoint => new(Url) { Name = "test", Username = "reader", Password = Secrets.Password, Insecure = !IsTls };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method == "GET")
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var method = Envelope.MethodOf(body);
        Methods.Enqueue(method);
        Requests.Enqueue((method, context.Request.Headers.Cookie, context.Request.Headers["SOAPAction"], body));
        try
        {
            await answer(context, method);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client had enough of it.
        }
    }
}
