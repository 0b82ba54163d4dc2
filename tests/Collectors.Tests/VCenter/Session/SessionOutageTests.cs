using Observe.Collectors.Tests.Running;
using Observe.Collectors.Tests.VCenter.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Session;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;
using Observe.Tests;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Session;

/// <summary>Losing the session, or the server, and finding it again.</summary>
public sealed class SessionOutageTests : SessionBed
{
    [Fact]
    public async Task AskAsync_SessionEndedByServer_BeginsOneNewHoweverManyAsk()
    {
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        for (var round = 1; round <= 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TimeOf(session)));
            (session.Generation, Sessions.Logins).ShouldBe((round, round));
            Sessions.EndAll();
        }
    }

    [Fact]
    public async Task AskAsync_OfASessionThatIsGone_IsNotAskedInAnother()
    {
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        await TimeOf(session);
        Sessions.EndAll();

        await Should.ThrowAsync<SessionChangedException>(() => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), 1, Token));
        await TimeOf(session);
        await Should.ThrowAsync<SessionChangedException>(() => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), 1, Token));

        session.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task AskAsync_ServerEndsEverySession_DoesNotLogInWithoutEnd()
    {
        Sessions.Answer = (context, _) => context.SendFaultAsync("NotAuthenticated");
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        for (var i = 0; i < 50; i++)
            await Should.ThrowAsync<Exception>(() => TimeOf(session));

        // Three that were short, and after each pause of half a second or more another three.
        Sessions.Logins.ShouldBeLessThanOrEqualTo(8);
        Logger.Lines.ShouldContain(line => line.Contains("ended 3 sessions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AskAsync_ServerEndsEverySessionForAnHour_IsAskedLessAndLessAndToldOnce()
    {
        var time = new ManualTime();
        var answer = Sessions.Answer;
        Sessions.Answer = (context, _) => context.SendFaultAsync("NotAuthenticated");
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint, time);
        for (var second = 0; second < 3600; second += 5)
        {
            await Should.ThrowAsync<Exception>(() => TimeOf(session));
            time.Advance(TimeSpan.FromSeconds(5));
        }

        // Three that were short, some more while the pauses grow, then one for each pause of half a minute or more.
        Sessions.Logins.ShouldBeInRange(30, 130);
        Logger.Lines.Count(line => line.Contains("logged in to", StringComparison.Ordinal)).ShouldBe(1);
        Logger.Lines.Count(line => line.Contains("the session was ended by the server", StringComparison.Ordinal)).ShouldBe(1);
        Logger.Lines.Count(line => line.Contains("ended 3 sessions within 10 s each", StringComparison.Ordinal)).ShouldBe(1);

        Sessions.Answer = answer;
        await UntilAsync(session, time);
        for (var i = 0; Logger.Lines.Count(line => line.Contains("logged in to", StringComparison.Ordinal)) < 2; i++)
        {
            i.ShouldBeLessThan(500);
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, Token);
        }
        // It lasts: what is ended from now on is begun at once.
        var logins = Sessions.Logins;
        Sessions.EndAll();
        await TimeOf(session);
        Sessions.Logins.ShouldBe(logins + 1);
    }

    [Fact]
    public async Task AskAsync_ServerAwayForAHundredAttemptsInTwoWays_IsToldOnceForEachAndTheRecoveryOnce()
    {
        var time = new ManualTime();
        var tries = 0;
        Sessions.Before = async (context, _) =>
        {
            if (Interlocked.Increment(ref tries) % 2 == 0)
                context.Abort();
            else
                await context.SendAsync("<html>", 503, "text/html");
            return true;
        };
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint, time);
        for (var i = 0; i < 100; i++)
        {
            await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
            time.Advance(TimeSpan.FromMinutes(1));
        }
        tries.ShouldBe(100);
        Sessions.Before = (_, _) => Task.FromResult(false);
        await UntilAsync(session, time);

        // The first one of all says that the server is not verified.
        var lines = Logger.Lines.Skip(1).ToArray();
        lines.Length.ShouldBe(3, string.Join('\n', lines));
        lines[0].ShouldContain("with HTTP status 503");
        lines[1].ShouldContain("the connection");
        lines[2].ShouldStartWith("Information: vCenter test: logged in to");
    }

    [Fact]
    public async Task AskAsync_ServerGone_FailsAtOnceAfterAWhileAndRecoversByItself()
    {
        var server = await Sessions.StartAsync();
        var endpoint = server.Endpoint;
        var timings = new SessionTimings { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(1), FirstBreak = TimeSpan.FromMilliseconds(200), LongestBreak = TimeSpan.FromMilliseconds(200), Failures = 3 };
        await using var session = Make(endpoint, timings: timings);
        await TimeOf(session);
        await server.DisposeAsync();

        List<VCenterException> errors = [];
        for (var i = 0; i < 4; i++)
            errors.Add(await Should.ThrowAsync<VCenterException>(() => TimeOf(session)));

        session.IsBroken.ShouldBeTrue();
        errors[0].Message.ShouldStartWith($"cannot connect to {endpoint.Url!.Authority}: ");
        errors[3].Message.ShouldContain($"is not asked, after 3 failures in a row: cannot connect to {endpoint.Url.Authority}: ");
        session.IsEstablished.ShouldBeTrue("nobody has said that it is over");
        session.Failure.ShouldNotBeNull().Message.ShouldStartWith("cannot connect to");
        await using var again = await Sessions.StartAsync(port: endpoint.Url.Port);
        for (var i = 0; session.IsBroken; i++)
        {
            i.ShouldBeLessThan(100);
            await Task.Delay(20, Token);
            await Task.WhenAny(TimeOf(session));
        }
        await TimeOf(session);
        session.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task AskAsync_HungServer_IsLateAndOthersAreServed()
    {
        var hung = new TaskCompletionSource();
        Sessions.Answer = async (context, method) =>
        {
            if (method == "QueryOptions")
                await hung.Task.WaitAsync(context.RequestAborted);
            else
                await new SessionServer().Answer(context, method);
        };
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint, timeout: TimeSpan.FromMilliseconds(300));
        var stuck = session.AskAsync((vim, content, token) => vim.QueryOptionAsync(content.Setting!.Value, "x", token), null, Token);

        await TimeOf(session);
        var error = await Should.ThrowAsync<VCenterException>(() => stuck);

        error.Message.ShouldBe($"{server.Endpoint.Url!.Authority} did not answer QueryOptions within 0.3 s");
    }
}
