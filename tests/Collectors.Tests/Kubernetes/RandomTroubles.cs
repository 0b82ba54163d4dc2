using Microsoft.AspNetCore.Http;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>Now and then: ends the watch, forgets changes, refuses requests, rotates the token. Counts what each entitles the client to ask again.</summary>
internal sealed class RandomTroubles(Following following, Random random)
{
    public const int SmallestPage = 3;

    private readonly ApiServer server = following.Server;
    private int tokens = 1;
    private int refusals;

    /// <summary>Watches that were ended.</summary>
    public int Breaks { get; private set; }

    /// <summary>Ends after which nothing is left but another list.</summary>
    public int Relists { get; private set; }

    /// <summary>Requests that were refused though they were right.</summary>
    public int Refusals => Volatile.Read(ref refusals);

    public async Task MaybeAsync()
    {
        switch (random.Next(200))
        {
            case 0:
                await BreakAsync(WatchBreak.Close);
                break;
            case 1:
                await BreakAsync(random.Next(2) == 0 ? WatchBreak.Cut : WatchBreak.CutMidLine);
                break;
            case 2:
                await BreakAsync(WatchBreak.CloseMidLine);
                break;
            case 3:
                Relists++;
                await BreakAsync(random.Next(3) switch { 0 => WatchBreak.Expired, 1 => WatchBreak.InternalError, _ => WatchBreak.Garbage });
                break;
            case 4:
                server.RefusesOldVersions = random.Next(2) == 0;
                // From here on until the next watch stands, changes are forgotten; or there were none, and nothing is to be listed.
                Relists++;
                await BreakAsync(WatchBreak.Cut);
                server.Cluster.Compact();
                break;
            case 5:
                RefuseNext(random.Next(1, 3), random.Next(3) switch { 0 => 429, 1 => 503, _ => 500 });
                await BreakAsync(WatchBreak.Close);
                break;
            case 6:
                server.PageSize = random.Next(SmallestPage, 12);
                following.Rotate($"token-{++tokens}");
                server.Tokens[$"token-{tokens}"] = true;
                server.Tokens.TryRemove($"token-{tokens - 1}", out _);
                break;
        }
    }

    private async Task BreakAsync(WatchBreak how)
    {
        Breaks++;
        await server.BreakAsync(how);
    }

    private void RefuseNext(int times, int code) => server.Answer = (context, _) =>
    {
        if (Interlocked.Decrement(ref times) < 0)
            return Task.FromResult(false);
        Interlocked.Increment(ref refusals);
        context.Response.StatusCode = code;
        if (code != 500)
            context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsync("no JSON").ContinueWith(_ => true, TaskScheduler.Default);
    };
}
