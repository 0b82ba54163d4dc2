using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.Tests.VCenter.Soap;

public sealed class CallFailureTests
{
    private static readonly CallFailure Failure = new("Login", new Uri("https://vc.example/sdk"), TimeSpan.FromSeconds(30));

    [Fact]
    public void Explain_ConnectionTookTooLong_IsNoSlowAnswer()
    {
        var error = new TaskCanceledException("", new TimeoutException());

        CallFailure.Outcome(error).ShouldBe(CallOutcome.Unreachable);
        Failure.Explain(error).Message.ShouldBe("no connection to vc.example within 10 s");
        Failure.Explain(error).Remedy.ShouldNotBeNull().ShouldContain("firewalls");
    }

    [Fact]
    public void Explain_AnswerTookTooLong_SaysHowLongWasWaited()
    {
        CallFailure.Outcome(new OperationCanceledException()).ShouldBe(CallOutcome.Late);
        Failure.Explain(new OperationCanceledException()).Message.ShouldBe("vc.example did not answer Login within 30 s");
    }

    /// <summary>That the connection's own deadline shows as it is taken for above.</summary>
    [Fact]
    public async Task CurrentTimeAsync_PeerThatNeverSpeaksTls_SaysThatThereIsNoConnection()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1", "takes 10 s; set OBSERVE_LONG=1");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/sdk");
        using var vim = new SoapVim(new VCenterEndpoint(url), TimeProvider.System);
        var began = Stopwatch.GetTimestamp();

        var error = await Should.ThrowAsync<VCenterException>(() => vim.CurrentTimeAsync(TestContext.Current.CancellationToken));

        error.Message.ShouldBe($"no connection to {url.Authority} within 10 s");
        Stopwatch.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20));
    }
}
