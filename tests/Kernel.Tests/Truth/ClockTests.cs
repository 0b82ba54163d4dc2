using System.Diagnostics;
using System.Globalization;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>The machine's clock is set while the agent runs. Only where that harms nobody.</summary>
[Trait("kernels", "newest")]
public sealed class ClockTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Fact]
    public async Task Clock_SetBackAndForth_IsCountedAndChangesNoAccount()
    {
        Assert.SkipUnless(Bed.InVm, "would set this machine's clock: runs in the virtual machines");
        await using var group = TestCgroup.Create("clock");
        await using var load = await Load.StartAsync(group, "sleepwake", "5", "--period-us", "1000", "--work-us", "300");
        var first = await Agent.ScrapeAsync();
        await SetAsync(TimeSpan.FromHours(1));
        var second = await Agent.ScrapeAsync();
        await SetAsync(TimeSpan.FromHours(-1));
        await SetAsync(TimeSpan.FromMilliseconds(1)); // far less than the clock's own error: only the kernel can tell
        var third = await Agent.ScrapeAsync();
        var said = await load.EndAsync();
        var last = await Agent.ScrapeAsync();

        double Steps(Scrape scrape) => scrape.Value("observe_clock_steps_total", ("source", "host"));
        (Steps(second) - Steps(first)).ShouldBe(1);
        // Both within one second may be one epoch's end.
        (Steps(third) - Steps(second)).ShouldBeInRange(1, 2);
        Agree("running", last.Workload(group.Path).Running, group.Usage(), Tolerance.Usage);
        Agree("elapsed", second.Elapsed - first.Elapsed, second.At - first.At, Tolerance.Open);
        Note($"{said}; error {last.Value("observe_clock_error_seconds", ("source", "host"))} s");
    }

    private static async Task SetAsync(TimeSpan by)
    {
        var to = (DateTimeOffset.UtcNow + by - DateTimeOffset.UnixEpoch).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        using var date = Process.Start(new ProcessStartInfo("date", ["--set", $"@{to}"]) { RedirectStandardOutput = true })!;
        await date.WaitForExitAsync();
        date.ExitCode.ShouldBe(0);
    }
}
