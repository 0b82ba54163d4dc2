using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>A watch that a client has open, and how it ends.</summary>
internal sealed class ActiveWatch(HttpContext context, Cluster cluster, string node, long from)
{
    private readonly Channel<WatchBreak> breaks = Channel.CreateUnbounded<WatchBreak>();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position = from;

    public Task Ended => ended.Task;

    public void Break(WatchBreak how) => breaks.Writer.TryWrite(how);

    /// <summary>To be said when nobody can find it any more.</summary>
    public void End() => ended.SetResult();

    public async Task RunAsync(TimeSpan duration)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var timeout = Task.Delay(duration, context.RequestAborted);
        var told = breaks.Reader.WaitToReadAsync(context.RequestAborted).AsTask();
        while (await SendAsync() is { } more)
        {
            await Task.WhenAny(more, told, timeout);
            if (!told.IsCompleted && !timeout.IsCompleted)
                continue;
            await EndAsync(breaks.Reader.TryRead(out var how) ? how : WatchBreak.Close);
            return;
        }
    }

    private async Task<Task?> SendAsync()
    {
        var (lines, version, more) = cluster.After(position, node);
        if (lines is null)
        {
            await WriteAsync(Error(410, "Expired", $"too old resource version: {position}"));
            return null;
        }
        position = version;
        foreach (var line in lines)
            await WriteAsync(line + "\n");
        await context.Response.Body.FlushAsync(context.RequestAborted);
        return more;
    }

    private async Task EndAsync(WatchBreak how)
    {
        const string Half = """{"type":"MODIFIED","object":{"metadata":{"name":"half","namespace":"a","uid":"u","resourceVersion":"99999999"},"status":{"pha""";
        switch (how)
        {
            case WatchBreak.Close:
                if (await SendAsync() is null)
                    return;
                await WriteAsync($$$$"""{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"{{{{position}}}}"}}}""" + "\n");
                return;
            case WatchBreak.CutMidLine or WatchBreak.CloseMidLine:
                await WriteAsync(Half);
                break;
            case WatchBreak.Expired:
                await WriteAsync(Error(410, "Expired", "too old resource version"));
                return;
            case WatchBreak.InternalError:
                await WriteAsync(Error(500, "InternalError", "etcdserver: no leader"));
                return;
            case WatchBreak.Garbage:
                await WriteAsync("<html>502 Bad Gateway</html>\n");
                return;
            case WatchBreak.LongLine:
                for (var i = 0; i < 5 && !context.RequestAborted.IsCancellationRequested; i++)
                    await WriteAsync(new string('x', 1 << 20));
                return;
        }
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (how != WatchBreak.CloseMidLine)
            context.Abort();
    }

    private static string Error(int code, string reason, string message) =>
        $$$"""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{{message}}}","reason":"{{{reason}}}","code":{{{code}}}}}""" + "\n";

    private Task WriteAsync(string text) => context.Response.WriteAsync(text, context.RequestAborted);
}
