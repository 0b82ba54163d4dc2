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

/// <summary>Beginning, keeping, losing and ending the session, over HTTP.</summary>
public sealed class VCenterSessionTests : IDisposable
{
    private readonly SessionServer sessions = new();
    private readonly RecordingLogger<VCenterSession> logger = new();
    private readonly string directory = Directory.CreateTempSubdirectory("observe-credentials-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task AskAsync_ManyAtOnce_LogInOnceAndLogOutAtTheEnd()
    {
        await using var server = await sessions.StartAsync();
        await using (var session = Make(server.Endpoint))
        {
            session.Generation.ShouldBe(0);
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TimeOf(session)));

            (session.Generation, session.IsEstablished, sessions.Logins).ShouldBe((1, true, 1));
            session.Content!.About.ApiType.ShouldBe("VirtualCenter");
            session.Requests.Methods.ToDictionary()["CurrentTime"][CallOutcome.Answered].ShouldBe(50);
        }
        (sessions.Logouts, sessions.Open).ShouldBe((1, 0));
    }

    [Fact]
    public async Task AskAsync_SessionEndedByServer_BeginsOneNewHoweverManyAsk()
    {
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        for (var round = 1; round <= 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TimeOf(session)));
            (session.Generation, sessions.Logins).ShouldBe((round, round));
            sessions.EndAll();
        }
    }

    [Fact]
    public async Task AskAsync_OfASessionThatIsGone_IsNotAskedInAnother()
    {
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        await TimeOf(session);
        sessions.EndAll();

        await Should.ThrowAsync<SessionChangedException>(() => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), 1, Token));
        await TimeOf(session);
        await Should.ThrowAsync<SessionChangedException>(() => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), 1, Token));

        session.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task AskAsync_ServerEndsEverySession_DoesNotLogInWithoutEnd()
    {
        sessions.Answer = (context, _) => context.SendFaultAsync("NotAuthenticated");
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        for (var i = 0; i < 50; i++)
            await Should.ThrowAsync<Exception>(() => TimeOf(session));

        // Three that were short, and after each pause of half a second or more another three.
        sessions.Logins.ShouldBeLessThanOrEqualTo(8);
        logger.Lines.ShouldContain(line => line.Contains("ended 3 sessions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AskAsync_ServerEndsEverySessionForAnHour_IsAskedLessAndLessAndToldOnce()
    {
        var time = new ManualTime();
        var answer = sessions.Answer;
        sessions.Answer = (context, _) => context.SendFaultAsync("NotAuthenticated");
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint, time);
        for (var second = 0; second < 3600; second += 5)
        {
            await Should.ThrowAsync<Exception>(() => TimeOf(session));
            time.Advance(TimeSpan.FromSeconds(5));
        }

        // Three that were short, some more while the pauses grow, then one for each pause of half a minute or more.
        sessions.Logins.ShouldBeInRange(30, 130);
        logger.Lines.Count(line => line.Contains("logged in to", StringComparison.Ordinal)).ShouldBe(1);
        logger.Lines.Count(line => line.Contains("the session was ended by the server", StringComparison.Ordinal)).ShouldBe(1);
        logger.Lines.Count(line => line.Contains("ended 3 sessions within 10 s each", StringComparison.Ordinal)).ShouldBe(1);

        sessions.Answer = answer;
        await UntilAsync(session, time);
        for (var i = 0; logger.Lines.Count(line => line.Contains("logged in to", StringComparison.Ordinal)) < 2; i++)
        {
            i.ShouldBeLessThan(500);
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, Token);
        }
        // It lasts: what is ended from now on is begun at once.
        var logins = sessions.Logins;
        sessions.EndAll();
        await TimeOf(session);
        sessions.Logins.ShouldBe(logins + 1);
    }

    [Fact]
    public async Task AskAsync_ServerAwayForAHundredAttemptsInTwoWays_IsToldOnceForEachAndTheRecoveryOnce()
    {
        var time = new ManualTime();
        var tries = 0;
        sessions.Before = async (context, _) =>
        {
            if (Interlocked.Increment(ref tries) % 2 == 0)
                context.Abort();
            else
                await context.SendAsync("<html>", 503, "text/html");
            return true;
        };
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint, time);
        for (var i = 0; i < 100; i++)
        {
            await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
            time.Advance(TimeSpan.FromMinutes(1));
        }
        tries.ShouldBe(100);
        sessions.Before = (_, _) => Task.FromResult(false);
        await UntilAsync(session, time);

        // The first one of all says that the server is not verified.
        var lines = logger.Lines.Skip(1).ToArray();
        lines.Length.ShouldBe(3, string.Join('\n', lines));
        lines[0].ShouldContain("with HTTP status 503");
        lines[1].ShouldContain("the connection");
        lines[2].ShouldStartWith("Information: vCenter test: logged in to");
    }

    [Fact]
    public async Task AskAsync_AnswersToLoginsAreLost_LeaveNoSessionBehind()
    {
        (sessions.Offers, sessions.Lost) = (true, 3);
        await using var server = await sessions.StartAsync();
        var timings = new SessionTimings { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(1), Failures = 100 };
        await using (var session = Make(server.Endpoint, timings: timings))
        {
            for (var i = 0; i < 3; i++)
            {
                await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
                await Task.Delay(5, Token);
                sessions.Open.ShouldBe(1, "the one that was begun last, which nobody knows of");
            }
            await TimeOf(session);

            (sessions.Logins, sessions.Logouts, sessions.Open).ShouldBe((4, 3, 1));
        }
        (sessions.Logouts, sessions.Open).ShouldBe((4, 0));
    }

    [Fact]
    public async Task DisposeAsync_AnswerToTheLoginWasLost_EndsTheSessionThatNobodyUses()
    {
        (sessions.Offers, sessions.Lost) = (true, 1);
        await using var server = await sessions.StartAsync();
        await using (var session = Make(server.Endpoint))
            await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        (sessions.Logins, sessions.Logouts, sessions.Open).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task AskAsync_LoginRefusedWithTheNameOfTheSession_IsNotShown()
    {
        sessions.Offers = true;
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        await TimeOf(session);
        sessions.EndAll();
        sessions.Before = async (context, method) =>
        {
            if (method == "Login")
                await context.SendFaultAsync("SystemError", $"session {context.Request.Headers.Cookie} is odd".Replace("\"", "", StringComparison.Ordinal));
            return method == "Login";
        };

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        error.Message.ShouldContain("SystemError: session vmware_soap_session=[redacted] is odd");
        Secrets.ShouldNotBeIn(string.Join('\n', logger.Lines));
    }

    [Fact]
    public async Task AskAsync_WrongPassword_WaitsLongSoThatTheAccountIsNotLockedButTriesAChangedFileAtOnce()
    {
        var time = new ManualTime();
        var file = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(file, "wrong-one\n", Token);
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint with { Password = null, PasswordFile = "password" }, time);

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
        error.Message.ShouldBe("test refused the login of reader: InvalidLogin: Cannot complete login due to an incorrect user name or password.");
        error.Remedy.ShouldNotBeNull().ShouldContain("password");
        for (var minute = 0; minute < 5; minute++)
        {
            (await Should.ThrowAsync<VCenterException>(() => TimeOf(session))).Message.ShouldContain("the next login is tried in");
            sessions.Refused.ShouldBe(1);
            time.Advance(TimeSpan.FromSeconds(59));
        }
        time.Advance(TimeSpan.FromMinutes(6));
        await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
        sessions.Refused.ShouldBe(2);
        time.Advance(TimeSpan.FromMinutes(9));
        await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
        sessions.Refused.ShouldBe(2, "the pause grows");

        await File.WriteAllTextAsync(file, Secrets.Password, Token);
        await TimeOf(session);

        session.Requests.Logins(LoginOutcome.Refused).ShouldBe(2);
        session.Requests.Logins(LoginOutcome.Succeeded).ShouldBe(1);
        session.Failure.ShouldBeNull();
        string.Join('\n', logger.Lines).ShouldNotContain("wrong-one");
        Secrets.ShouldNotBeIn(string.Join('\n', logger.Lines));
    }

    [Fact]
    public async Task AskAsync_ServerGone_FailsAtOnceAfterAWhileAndRecoversByItself()
    {
        var server = await sessions.StartAsync();
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
        await using var again = await sessions.StartAsync(port: endpoint.Url.Port);
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
        sessions.Answer = async (context, method) =>
        {
            if (method == "QueryOptions")
                await hung.Task.WaitAsync(context.RequestAborted);
            else
                await new SessionServer().Answer(context, method);
        };
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint, timeout: TimeSpan.FromMilliseconds(300));
        var stuck = session.AskAsync((vim, content, token) => vim.QueryOptionAsync(content.Setting!.Value, "x", token), null, Token);

        await TimeOf(session);
        var error = await Should.ThrowAsync<VCenterException>(() => stuck);

        error.Message.ShouldBe($"{server.Endpoint.Url!.Authority} did not answer QueryOptions within 0.3 s");
    }

    [Fact]
    public async Task AskAsync_CallerCancels_IsCancelledAndTheLoginGoesOnForOthers()
    {
        var gate = new TaskCompletionSource();
        sessions.Before = async (_, method) =>
        {
            if (method == "Login")
                await gate.Task;
            return false;
        };
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        using var cancel = new CancellationTokenSource();
        var one = session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, cancel.Token);
        var other = TimeOf(session);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => one);
        gate.SetResult();
        await other;

        sessions.Logins.ShouldBe(1);
    }

    [Fact]
    public async Task AskAsync_Many_AreNeverMoreThanAFewAtOnce()
    {
        var (now, most) = (0, 0);
        sessions.Answer = async (context, method) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(5, context.RequestAborted);
            Interlocked.Decrement(ref now);
            await new SessionServer().Answer(context, method);
        };
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => TimeOf(session)));

        most.ShouldBeInRange(2, CallSlots.Working);
    }

    [Fact]
    public async Task KeepAlive_Idle_AsksForTheTimeAndNothingElse()
    {
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint, timings: new SessionTimings { KeepAlive = TimeSpan.FromMilliseconds(100) });
        await TimeOf(session);
        for (var i = 0; server.Methods.Count < 6; i++)
        {
            i.ShouldBeLessThan(500);
            await Task.Delay(10, Token);
        }

        server.Methods.ToArray().ShouldBe(["RetrieveServiceContent", "Login", .. Enumerable.Repeat("CurrentTime", server.Methods.Count - 2)]);
    }

    [Fact]
    public async Task DisposeAsync_DuringLogin_LogsOutAllTheSame()
    {
        var (asked, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        sessions.Before = async (_, method) =>
        {
            if (method == "Login")
            {
                asked.SetResult();
                await gate.Task;
            }
            return false;
        };
        await using var server = await sessions.StartAsync();
        var session = Make(server.Endpoint, timings: new SessionTimings { LogoutWithin = TimeSpan.FromSeconds(10) });
        var one = TimeOf(session);
        await asked.Task;

        var ending = session.DisposeAsync();
        gate.SetResult();
        await ending;
        await Task.WhenAny(one);

        (sessions.Logins, sessions.Logouts, sessions.Open).ShouldBe((1, 1, 0));
        (await Should.ThrowAsync<VCenterException>(() => TimeOf(session))).Message.ShouldContain("the agent stops");
    }

    [Fact]
    public async Task DisposeAsync_HungServer_TakesNoLongerThanItMay()
    {
        sessions.Before = async (context, method) =>
        {
            if (method == "Logout")
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return false;
        };
        await using var server = await sessions.StartAsync();
        var session = Make(server.Endpoint, timings: new SessionTimings { LogoutWithin = TimeSpan.FromMilliseconds(100) });
        await TimeOf(session);
        var began = TimeProvider.System.GetTimestamp();

        await session.DisposeAsync();

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        logger.Lines.ShouldContain(line => line.Contains("not logged out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AskAsync_FileThatIsNotThere_SaysWhichAndWhatToDo()
    {
        await using var server = await sessions.StartAsync();
        await using var session = Make(server.Endpoint with { Password = null, PasswordFile = "nowhere" });

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        error.Message.ShouldStartWith("cannot read the passwordFile of test: ");
        error.Message.ShouldContain(directory);
        server.Methods.ShouldBeEmpty();
    }

    [Fact]
    public async Task Constructor_Insecure_IsLoggedAsAWarning()
    {
        await using (Make(new VCenterEndpoint(new Uri("https://127.0.0.1:1/sdk")) { Insecure = true }))
            logger.Lines.ShouldHaveSingleItem().ShouldStartWith("Warning: vCenter 127.0.0.1: insecure is set");
    }

    private VCenterSession Make(VCenterEndpoint endpoint, TimeProvider? time = null, SessionTimings? timings = null, TimeSpan? timeout = null) =>
        new(endpoint, new VCenterOptions { Timeout = timeout ?? TimeSpan.FromSeconds(20) }, time ?? TimeProvider.System, logger, timings, directory);

    /// <summary>Asks until it is answered, with pauses that take no time.</summary>
    private static async Task UntilAsync(VCenterSession session, ManualTime time)
    {
        for (var i = 0; await Task.WhenAny(TimeOf(session)) is { IsFaulted: true }; i++)
        {
            i.ShouldBeLessThan(20);
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private static Task<DateTimeOffset> TimeOf(VCenterSession session) => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, Token);
}
