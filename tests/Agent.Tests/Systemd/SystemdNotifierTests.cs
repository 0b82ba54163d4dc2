using System.Net.Sockets;
using System.Text;
using Observe.Agent.Systemd;

namespace Observe.Agent.Tests.Systemd;

public class SystemdNotifierTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Notify_RealSocket_DeliversOneDatagram(bool isAbstract)
    {
        using var systemd = new NotifySocket(isAbstract);
        using var notifier = new SystemdNotifier(systemd.Address);

        notifier.IsEnabled.ShouldBeTrue();
        notifier.Notify("READY=1\nSTATUS=ready").ShouldBeTrue();

        systemd.Receive().ShouldBe("READY=1\nSTATUS=ready");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/path")]
    public void Notify_NoUsableSocket_DoesNothing(string? address)
    {
        using var notifier = new SystemdNotifier(address);
        notifier.IsEnabled.ShouldBeFalse();
        notifier.Notify("READY=1").ShouldBeFalse();
    }

    [Fact]
    public void Notify_NobodyListens_ReturnsFalseAndDoesNotThrow()
    {
        using var notifier = new SystemdNotifier("/tmp/observe-no-such-socket");
        notifier.Notify("READY=1").ShouldBeFalse();
    }

    [Fact]
    public void Notify_ReceiverDoesNotRead_DoesNotBlock()
    {
        using var systemd = new NotifySocket(isAbstract: true);
        using var notifier = new SystemdNotifier(systemd.Address);

        var sent = Enumerable.Range(0, 10_000).Select(_ => notifier.Notify("WATCHDOG=1")).ToList();

        sent.ShouldContain(false, "the receiver's queue must have filled for this to mean anything");
    }

    [Theory]
    [InlineData("3000000", null, 1500)]
    [InlineData("3000000", "", 1500)]
    [InlineData("3000000", "42", 1500)]
    [InlineData("3000000", "43", null)]
    [InlineData("0", null, null)]
    [InlineData("x", null, null)]
    [InlineData(null, null, null)]
    public void WatchdogInterval_Variables_HalfOfWhatSystemdAllows(string? microseconds, string? processId, int? milliseconds) =>
        WatchdogInterval.From(microseconds, processId, self: 42)?.TotalMilliseconds.ShouldBe(milliseconds!.Value);
}
