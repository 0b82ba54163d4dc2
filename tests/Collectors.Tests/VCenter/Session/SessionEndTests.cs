using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Session;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Session;

/// <summary>Ending the session, and leaving none behind.</summary>
public sealed class SessionEndTests : SessionBed
{
    [Fact]
    public async Task AskAsync_AnswersToLoginsAreLost_LeaveNoSessionBehind()
    {
        (Sessions.Offers, Sessions.Lost) = (true, 3);
        await using var server = await Sessions.StartAsync();
        var timings = new SessionTimings { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(1), Failures = 100 };
        await using (var session = Make(server.Endpoint, timings: timings))
        {
            for (var i = 0; i < 3; i++)
            {
                await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
                await Task.Delay(5, Token);
                Sessions.Open.ShouldBe(1, "the one that was begun last, which nobody knows of");
            }
            await TimeOf(session);

            (Sessions.Logins, Sessions.Logouts, Sessions.Open).ShouldBe((4, 3, 1));
        }
        (Sessions.Logouts, Sessions.Open).ShouldBe((4, 0));
    }

    [Fact]
    public async Task DisposeAsync_AnswerToTheLoginWasLost_EndsTheSessionThatNobodyUses()
    {
        (Sessions.Offers, Sessions.Lost) = (true, 1);
        await using var server = await Sessions.StartAsync();
        await using (var session = Make(server.Endpoint))
            await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        (Sessions.Logins, Sessions.Logouts, Sessions.Open).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task DisposeAsync_DuringLogin_LogsOutAllTheSame()
    {
        var (asked, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        Sessions.Before = async (_, method) =>
        {
            if (method == "Login")
            {
                asked.SetResult();
                await gate.Task;
            }
            return false;
        };
        await using var server = await Sessions.StartAsync();
        var session = Make(server.Endpoint, timings: new SessionTimings { LogoutWithin = TimeSpan.FromSeconds(10) });
        var one = TimeOf(session);
        await asked.Task;

        var ending = session.DisposeAsync();
        gate.SetResult();
        await ending;
        await Task.WhenAny(one);

        (Sessions.Logins, Sessions.Logouts, Sessions.Open).ShouldBe((1, 1, 0));
        (await Should.ThrowAsync<VCenterException>(() => TimeOf(session))).Message.ShouldContain("the agent stops");
    }

    [Fact]
    public async Task DisposeAsync_HungServer_TakesNoLongerThanItMay()
    {
        Sessions.Before = async (context, method) =>
        {
            if (method == "Logout")
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return false;
        };
        await using var server = await Sessions.StartAsync();
        var session = Make(server.Endpoint, timings: new SessionTimings { LogoutWithin = TimeSpan.FromMilliseconds(100) });
        await TimeOf(session);
        var began = TimeProvider.System.GetTimestamp();

        await session.DisposeAsync();

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        Logger.Lines.ShouldContain(line => line.Contains("not logged out", StringComparison.Ordinal));
    }
}
