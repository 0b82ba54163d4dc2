using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>A fake vCenter over HTTP or HTTPS on loopback: SOAP 1.1, with its cookie, versions and faults.</summary>
internal sealed class FakeSoapServer : IAsyncDisposable
{
    private static readonly string[] Versions = ["8.0.2.0", "8.0.1.0", "8.0.0.1", "7.0.3.2", "7.0.3.0", "7.0.2.0", "7.0.1.0", "7.0.0.0", "6.9.1", "6.8.7", "6.7.3", "6.7", "6.5", "6.0", "5.5"];

    private readonly FakeVCenter vcenter;
    private readonly SoapMethods methods;
    private readonly CancellationTokenSource stopping = new();
    private WebApplication? app;

    private FakeSoapServer(FakeVCenter vcenter) => (this.vcenter, methods) = (vcenter, new SoapMethods(vcenter));

    /// <summary>Where the API is: <c>http://127.0.0.1:PORT/sdk</c>.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Whether answers are packed for those who take it.</summary>
    public bool IsPacking { get; set; } = true;

    /// <summary>Answers a request instead, and returns true; it is given the method's name, or the path of what is no request.</summary>
    public Func<HttpContext, string, Task<bool>>? Answer { get; set; }

    /// <summary>Starts one.</summary>
    /// <param name="vcenter">The vCenter.</param>
    /// <param name="certificate">For HTTPS; null: HTTP.</param>
    /// <param name="port">On this port; 0: on any that is free.</param>
    public static async Task<FakeSoapServer> StartAsync(FakeVCenter vcenter, X509Certificate2? certificate = null, int port = 0)
    {
        var server = new FakeSoapServer(vcenter);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        server.app = builder.Build();
        server.app.Run(server.HandleAsync);
        await server.app.StartAsync();
        server.Url = new Uri(new Uri(server.app.Urls.First()), "/sdk");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await app!.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/sdk/vimServiceVersions.xml" && context.Request.Method == "GET")
        {
            if (Answer is null || !await Answer(context, path))
                await WriteAsync(context, 200, Encoding.UTF8.GetBytes(VersionsDocument()));
            return;
        }
        if (path != "/sdk" || context.Request.Method != "POST")
        {
            context.Response.StatusCode = path == "/sdk" ? 405 : 404;
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        try
        {
            await AnswerAsync(context, ending.Token);
        }
        catch (SoapException wrong)
        {
            await WriteAsync(context, 500, SoapWriter.Fault(wrong));
        }
        catch (VimFaultException refused)
        {
            await WriteAsync(context, 500, SoapWriter.Fault(refused));
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(context, cancellationToken);
        if (Answer is { } answer && await answer(context, request.Method))
            return;
        var cookie = context.Request.Cookies["vmware_soap_session"]?.Trim('"');
        var session = vcenter.Sessions.Find(cookie);
        var taken = vcenter.Take(request.Method, request.This.Id, session);
        switch (taken.Trouble)
        {
            case FakeTrouble.CutBefore:
                context.Abort();
                return;
            case FakeTrouble.Http500 or FakeTrouble.Http503 or FakeTrouble.ProxyPage:
                await PageAsync(context, taken.Trouble switch { FakeTrouble.Http500 => 500, FakeTrouble.Http503 => 503, _ => 200 });
                return;
            case FakeTrouble.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return;
        }
        session = vcenter.Sessions.Find(cookie);
        // Whoever brings no cookie gets one, in which he may log in.
        var fresh = cookie is null || (request.Method == "Login" && session is null) ? $"52{Guid.NewGuid():N}" : null;
        if (fresh is not null)
            context.Response.Headers.SetCookie = $"vmware_soap_session=\"{fresh}\"; Path=/; HttpOnly;{(context.Request.IsHttps ? " Secure;" : "")}";
        try
        {
            var returned = await vcenter.ActAsync(taken, session, () => CallAsync(request, session, fresh, cancellationToken), cancellationToken);
            await SendAsync(context, taken.Trouble, 200, SoapWriter.Answer(request.Method, returned));
        }
        catch (VimFaultException refused)
        {
            await SendAsync(context, taken.Trouble, 500, SoapWriter.Fault(refused));
        }
    }

    private async Task<IReadOnlyList<VimValue>> CallAsync(SoapRequest request, FakeSession? session, string? fresh, CancellationToken cancellationToken)
    {
        switch (request.Method)
        {
            case "Login":
                var made = vcenter.Sessions.Login(session, request.Arguments["userName"]!.Text, request.Arguments["password"]!.Text, fresh);
                return [Wire.Show(Values.Of("UserSession", ("key", Values.Text(made.Key)), ("userName", Values.Text(made.User)), ("fullName", Values.Text(made.User)), ("loginTime", Values.Time(vcenter.Clock.Now)), ("lastActiveTime", Values.Time(vcenter.Clock.Now)), ("locale", Values.Text("en")), ("messageLocale", Values.Text("en"))), isSaid: false)];
            case "Logout":
                vcenter.Sessions.Logout(FakeVCenter.Need(session, request.This));
                return [];
            default:
                return await methods.CallAsync(request, session, cancellationToken);
        }
    }

    private static async Task<SoapRequest> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var action = context.Request.Headers["SOAPAction"].ToString().Trim('"');
        if (!action.StartsWith("urn:vim25/", StringComparison.Ordinal) || !Versions.Contains(action["urn:vim25/".Length..]))
            throw new SoapException(action.Length == 0 ? "no SOAPAction" : $"Unsupported version URI \"{action}\"");
        if (context.Request.ContentType?.StartsWith("text/xml", StringComparison.OrdinalIgnoreCase) != true)
            throw new SoapException($"content of the type '{context.Request.ContentType}'");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        var request = SoapRequest.Read(body);
        SoapSchema.Check(request);
        return request;
    }

    private async Task SendAsync(HttpContext context, FakeTrouble trouble, int status, byte[] answer)
    {
        switch (trouble)
        {
            case FakeTrouble.CutAfter:
                context.Abort();
                break;
            case FakeTrouble.CutMidAnswer:
                context.Response.ContentType = "text/xml; charset=utf-8";
                context.Response.StatusCode = status;
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case FakeTrouble.Garbage:
                await WriteAsync(context, 200, Encoding.UTF8.GetBytes("\u0001<<not xml at all"));
                break;
            default:
                await WriteAsync(context, status, answer);
                break;
        }
    }

    private async Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml; charset=utf-8";
        if (!IsPacking || !context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            await context.Response.Body.WriteAsync(body);
            return;
        }
        context.Response.Headers.ContentEncoding = "gzip";
        await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await packed.WriteAsync(body);
    }

    private static Task PageAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync($"<html><head><title>{status}</title></head><body><h1>This is no vCenter</h1></body></html>");
    }

    private static string VersionsDocument() =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><namespaces version=\"1.0\"><namespace><name>urn:vim25</name><version>{Versions[0]}</version><priorVersions>"
        + string.Concat(Versions.Skip(1).Select(each => $"<version>{each}</version>")) + "</priorVersions></namespace></namespaces>";
}
