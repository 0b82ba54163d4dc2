using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.Tests.VCenter.Session;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Session;
using Observe.Collectors.VCenter.Vim;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>
/// What is no answer, or too much of one: a clear error each, bounded memory, and no secret in any message or log, though the other
/// side repeats all that it was sent.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class HostileAnswersTests
{
    private const string Page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Corporate proxy</p></body></html>";
    private const long Gigabyte = 1L << 30;

    private readonly RecordingLogger<VCenterSession> logger = new();

    public static TheoryData<string, string> Answers => new()
    {
        { "page 200 text/html", "something that is of the type text/html, which begins: Sign in Corporate proxy" },
        { "page 200 text/xml", "something that is no XML (For security reasons DTD is prohibited" },
        { "page 401 text/html", "HTTP status 401, which begins: Sign in Corporate proxy" },
        { "page 403 text/html", "HTTP status 403" },
        { "page 404 text/html", "HTTP status 404" },
        { "page 407 text/html", "HTTP status 407" },
        { "page 502 text/html", "HTTP status 502" },
        { "page 503 text/xml", "HTTP status 503" },
        { "page 302 text/html", "HTTP status 302" },
        { "page 500 text/html", "HTTP status 500 and something that is of the type text/html" },
        { "other xml", "something that is XML, but no SOAP" },
        { "empty", "something that is no XML (Root element is missing." },
        { "no body", "SOAP without a body" },
        { "cut", "something that is no XML (Unexpected end of file has occurred" },
        { "broken off", "broke off in the midst of the answer to CurrentTime|broke before CurrentTime was answered" },
        { "closed", "closed the connection without an answer to CurrentTime|broke before CurrentTime was answered" },
        { "not utf-8", "something that is no UTF-8" },
        { "unknown packing", "packed in a way that was not asked for" },
        { "not gzip", "something that is " },
        { "entities", "something that is no XML (For security reasons DTD is prohibited" },
        { "external entity", "something that is no XML (For security reasons DTD is prohibited" },
        { "undeclared entity", "something that is no XML (Reference to undeclared entity" },
        { "incomplete", "has not what such an answer has" },
    };

    public static TheoryData<string, string> LongAnswers => new()
    {
        { "elements", "more than 1048576 elements" },
        { "depth", "more than 256 elements within each other" },
        { "text", "a text of more than 1048576 bytes" },
        { "data", "a text of more than 1048576 bytes" },
        { "comment", "a text of more than 1048576 bytes" },
        { "attributes", "a tag of more than 16384 bytes" },
        { "attributes behind a comment", "a tag of more than 16384 bytes" },
        { "namespaces", "a tag of more than 16384 bytes" },
        { "name", "a tag of more than 16384 bytes" },
        { "white space", "a text of more than 1048576 bytes" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task AskAsync_NoAnswer_SaysWhatItIsInsteadAndNoSecret(string what, string expected)
    {
        var sessions = new SessionServer { Answer = (context, _) => AnswerAsync(context, what) };
        await using var server = await sessions.StartAsync();
        await using var session = new VCenterSession(server.Endpoint, new VCenterOptions(), TimeProvider.System, logger);

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        // Whether it is a reset or an end depends on who is quicker.
        expected.Split('|').ShouldContain(each => error.Message.Contains(each, StringComparison.Ordinal), error.Message);
        error.Message.ShouldContain(server.Url.Authority);
        error.Message.Length.ShouldBeLessThan(600);
        error.Message.ShouldNotContain('\n');
        error.Remedy.ShouldNotBeNullOrEmpty();
        Secrets.ShouldNotBeIn($"{error}\n{error.Remedy}\n{string.Join('\n', logger.Lines)}");
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task AskAsync_NoAnswerToLogin_SaysWhatItIsInsteadAndNoSecret(string what, string expected)
    {
        var sessions = new SessionServer();
        sessions.Before = async (context, method) =>
        {
            if (method == "Login" && what != "incomplete")
                await AnswerAsync(context, what);
            return method == "Login" && what != "incomplete";
        };
        await using var server = await sessions.StartAsync();
        await using var session = new VCenterSession(server.Endpoint, new VCenterOptions(), TimeProvider.System, logger);
        if (what == "incomplete")
            return;

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        // But for what it begins with: it may be the password.
        expected.Split(", which begins")[0].Replace("CurrentTime", "Login", StringComparison.Ordinal).Split('|').ShouldContain(each => error.Message.Contains(each, StringComparison.Ordinal), error.Message);
        error.Message.ShouldNotContain("begins");
        logger.Lines.ShouldContain(line => line.Contains(error.Message, StringComparison.Ordinal));
        Secrets.ShouldNotBeIn($"{error}\n{error.Remedy}\n{string.Join('\n', logger.Lines)}");
    }

    [Theory]
    [MemberData(nameof(LongAnswers))]
    public Task AskAsync_EndlessAnswer_IsReadNoFurtherThanItMayBe(string what, string expected) => Endless(what, expected, gzip: false);

    [Theory]
    [InlineData("text", "a text of more than 1048576 bytes")]
    [InlineData("texts", "more than 67108864 bytes")]
    [InlineData("attributes", "a tag of more than 16384 bytes")]
    public Task AskAsync_EndlessAnswerPacked_IsBoundedUnpacked(string what, string expected) => Endless(what, expected, gzip: true);

    private async Task Endless(string what, string expected, bool gzip)
    {
        var (written, peak) = (0L, 0L);
        var sessions = new SessionServer { Answer = (context, _) => SendEndlessAsync(context, what, gzip, all => (written, peak) = (all, Math.Max(peak, GC.GetTotalMemory(false)))) };
        await using var server = await sessions.StartAsync();
        await using var session = new VCenterSession(server.Endpoint, new VCenterOptions(), TimeProvider.System, logger);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = Stopwatch.GetTimestamp();

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        TestContext.Current.TestOutputHelper?.WriteLine($"{what}{(gzip ? ", gzip" : "")}: {written >> 20} MiB written, heap {(peak - before) >> 20} MiB more at most, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        error.Message.ShouldContain(expected);
        written.ShouldBeLessThan(gzip ? Gigabyte : 80 << 20);
        (peak - before).ShouldBeLessThan(512 << 20);
        Secrets.ShouldNotBeIn($"{error}\n{string.Join('\n', logger.Lines)}");
    }

    private static async Task AnswerAsync(HttpContext context, string what)
    {
        var request = await RequestAsync(context);
        var cookie = context.Request.Headers.Cookie.ToString();
        if (what.StartsWith("page ", StringComparison.Ordinal))
        {
            var words = what.Split(' ');
            await context.SendAsync(Page.Replace("</p>", $"</p><pre>{new string(' ', 700)}{cookie} {request} {cookie}</pre>", StringComparison.Ordinal), int.Parse(words[1]), words[2]);
            return;
        }
        switch (what)
        {
            case "cut":
                await context.SendAsync(Envelope.Of("CurrentTime", $"<returnval>{cookie} 2026-")[..^60].Split("</returnval")[0]);
                break;
            case "broken off":
                context.Response.ContentLength = 100_000;
                context.Response.ContentType = "text/xml";
                await context.Response.WriteAsync(Envelope.Begin + cookie, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case "closed":
                context.Abort();
                break;
            case "not utf-8":
                context.Response.ContentType = "text/xml";
                await context.Response.Body.WriteAsync(Encoding.Unicode.GetBytes("\ufeff" + Envelope.Of("CurrentTime", cookie)), context.RequestAborted);
                break;
            case "unknown packing":
                context.Response.Headers.ContentEncoding = "gzip, gzip";
                await context.SendAsync(Envelope.Of("CurrentTime", cookie));
                break;
            case "not gzip":
                context.Response.Headers.ContentEncoding = "gzip";
                await context.SendAsync(Envelope.Of("CurrentTime", cookie));
                break;
            default:
                await context.SendAsync(what switch
                {
                    "other xml" => $"<?xml version='1.0'?><error>{cookie}{request.Replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "", StringComparison.Ordinal)}</error>",
                    "empty" => "",
                    "no body" => Envelope.Begin.Replace("<soapenv:Body>", "", StringComparison.Ordinal) + "</soapenv:Envelope>",
                    "entities" => """<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>""" + Envelope.Of("CurrentTime", "<returnval>&c;</returnval>").Split("?>")[1],
                    "external entity" => """<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>""" + Envelope.Of("CurrentTime", "<returnval>&x;</returnval>").Split("?>")[1],
                    "undeclared entity" => Envelope.Of("CurrentTime", "<returnval>&c;</returnval>"),
                    "incomplete" => Envelope.Of("CurrentTime", $"<returnval>{cookie}</returnval>"),
                    _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
                });
                break;
        }
    }

    private static async Task<string> RequestAsync(HttpContext context)
    {
        context.Request.Body.Position = 0;
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    /// <summary>A gigabyte, if it is read so far.</summary>
    private static async Task SendEndlessAsync(HttpContext context, string what, bool gzip, Action<long> progress)
    {
        var (begin, piece) = what switch
        {
            "elements" => ("", "<a/>"),
            "depth" => ("", "<a>"),
            "text" => ("<returnval>", "aaaaaaaaaa"),
            "texts" => ("", $"<a>{new string('a', 500_000)}</a>"),
            "data" => ("<![CDATA[", "aa<a>'\"]]aa"),
            "comment" => ("<!--", "<a ' aa>"),
            "attributes" => ("<returnval", " a{0}='>'"),
            "attributes behind a comment" => ("<!-- > <a q=\" --><![CDATA[ <a q=' ]]><?p <a q=' ?><returnval", " a{0}=\">\""),
            "namespaces" => ("<returnval", " xmlns:a{0}='u'"),
            "name" => ("<", "aaaaaaaaaa"),
            "white space" => ("<returnval", $">{new string(' ', 2 << 20)}"),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
        context.Response.ContentType = "text/xml";
        if (gzip)
            context.Response.Headers.ContentEncoding = "gzip";
        await using var body = gzip ? new GZipStream(context.Response.Body, CompressionLevel.Fastest) : context.Response.Body;
        await body.WriteAsync(Encoding.UTF8.GetBytes($"{Envelope.Begin}<CurrentTimeResponse xmlns=\"urn:vim25\">{begin}"), context.RequestAborted);
        var block = new StringBuilder();
        var number = 0;
        for (var all = 0L; all < Gigabyte; all += block.Length)
        {
            if (block.Length == 0 || piece.Contains("{0}", StringComparison.Ordinal))
            {
                block.Clear();
                while (block.Length < 1 << 16)
                    block.Append(piece.Replace("{0}", $"{number++}", StringComparison.Ordinal));
            }
            await body.WriteAsync(Encoding.UTF8.GetBytes(block.ToString()), context.RequestAborted);
            progress(all);
        }
    }

    private static Task<DateTimeOffset> TimeOf(VCenterSession session) => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, Token);
}
