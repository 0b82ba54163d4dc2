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

/// <summary>Beginning and keeping the session, over HTTP.</summary>
public sealed class VCenterSessionTests : SessionBed
{
    [Fact]
    public async Task AskAsync_ManyAtOnce_LogInOnceAndLogOutAtTheEnd()
    {
        await using var server = await Sessions.StartAsync();
        await using (var session = Make(server.Endpoint))
        {
            session.Generation.ShouldBe(0);
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TimeOf(session)));

            (session.Generation, session.IsEstablished, Sessions.Logins).ShouldBe((1, true, 1));
            session.Content!.About.ApiType.ShouldBe("VirtualCenter");
            session.Requests.Methods.ToDictionary()["CurrentTime"][CallOutcome.Answered].ShouldBe(50);
        }
        (Sessions.Logouts, Sessions.Open).ShouldBe((1, 0));
    }

    [Fact]
    public async Task AskAsync_LoginRefusedWithTheNameOfTheSession_IsNotShown()
    {
        Sessions.Offers = true;
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        await TimeOf(session);
        Sessions.EndAll();
        Sessions.Before = async (context, method) =>
        {
            if (method == "Login")
                await context.SendFaultAsync("SystemError", $"session {context.Request.Headers.Cookie} is odd".Replace("\"", "", StringComparison.Ordinal));
            return method == "Login";
        };

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        error.Message.ShouldContain("SystemError: session vmware_soap_session=[redacted] is odd");
        Secrets.ShouldNotBeIn(string.Join('\n', Logger.Lines));
    }

    [Fact]
    public async Task AskAsync_WrongPassword_WaitsLongSoThatTheAccountIsNotLockedButTriesAChangedFileAtOnce()
    {
        var time = new ManualTime();
        var file = Path.Combine(Credentials, "password");
        await File.WriteAllTextAsync(file, "wrong-one\n", Token);
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint with { Password = null, PasswordFile = "password" }, time);

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
        error.Message.ShouldBe("test refused the login of reader: InvalidLogin: Cannot complete login due to an incorrect user name or password.");
        error.Remedy.ShouldNotBeNull().ShouldContain("password");
        for (var minute = 0; minute < 5; minute++)
        {
            (await Should.ThrowAsync<VCenterException>(() => TimeOf(session))).Message.ShouldContain("the next login is tried in");
            Sessions.Refused.ShouldBe(1);
            time.Advance(TimeSpan.FromSeconds(59));
        }
        time.Advance(TimeSpan.FromMinutes(6));
        await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
        Sessions.Refused.ShouldBe(2);
        time.Advance(TimeSpan.FromMinutes(9));
        await Should.ThrowAsync<VCenterException>(() => TimeOf(session));
        Sessions.Refused.ShouldBe(2, "the pause grows");

        await File.WriteAllTextAsync(file, Secrets.Password, Token);
        await TimeOf(session);

        session.Requests.Logins(LoginOutcome.Refused).ShouldBe(2);
        session.Requests.Logins(LoginOutcome.Succeeded).ShouldBe(1);
        session.Failure.ShouldBeNull();
        string.Join('\n', Logger.Lines).ShouldNotContain("wrong-one");
        Secrets.ShouldNotBeIn(string.Join('\n', Logger.Lines));
    }

    [Fact]
    public async Task AskAsync_CallerCancels_IsCancelledAndTheLoginGoesOnForOthers()
    {
        var gate = new TaskCompletionSource();
        Sessions.Before = async (_, method) =>
        {
            if (method == "Login")
                await gate.Task;
            return false;
        };
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint);
        using var cancel = new CancellationTokenSource();
        var one = session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, cancel.Token);
        var other = TimeOf(session);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => one);
        gate.SetResult();
        await other;

        Sessions.Logins.ShouldBe(1);
    }

    [Fact]
    public async Task AskAsync_Many_AreNeverMoreThanAFewAtOnce()
    {
        var (now, most) = (0, 0);
        Sessions.Answer = async (context, method) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(5, context.RequestAborted);
            Interlocked.Decrement(ref now);
            await new SessionServer().Answer(context, method);
        };
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => TimeOf(session)));

        most.ShouldBeInRange(2, CallSlots.Working);
    }

    [Fact]
    public async Task KeepAlive_Idle_AsksForTheTimeAndNothingElse()
    {
        await using var server = await Sessions.StartAsync();
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
    public async Task AskAsync_FileThatIsNotThere_SaysWhichAndWhatToDo()
    {
        await using var server = await Sessions.StartAsync();
        await using var session = Make(server.Endpoint with { Password = null, PasswordFile = "nowhere" });

        var error = await Should.ThrowAsync<VCenterException>(() => TimeOf(session));

        error.Message.ShouldStartWith("cannot read the passwordFile of test: ");
        error.Message.ShouldContain(Credentials);
        server.Methods.ShouldBeEmpty();
    }

    [Fact]
    public async Task Constructor_Insecure_IsLoggedAsAWarning()
    {
        await using (Make(new VCenterEndpoint(new Uri("https://127.0.0.1:1/sdk")) { Insecure = true }))
            Logger.Lines.ShouldHaveSingleItem().ShouldStartWith("Warning: vCenter 127.0.0.1: insecure is set");
    }
}
