using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Per CPU, the states add up to the time that passed.</summary>
[Trait("kernels", "any")]
public sealed class CpuTimeTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Fact]
    public async Task CpuStates_OverSomeSeconds_AddUpToElapsedTime()
    {
        await using var group = TestCgroup.Create("cpu");
        await using var load = await Load.StartAsync(group, "pingpong", Bed.Text(Bed.Seconds(8, 3)));
        var first = await Agent.ScrapeAsync();
        await load.EndAsync();
        await Pass(Bed.Seconds(2, 0.5));
        var second = await Agent.ScrapeAsync();

        var cpus = second.Cpus.ToArray();
        cpus.Length.ShouldBe(Bed.Cpus);
        var elapsed = second.At - first.At;
        foreach (var cpu in cpus)
        {
            var residual = second.Residual(cpu) - first.Residual(cpu);
            Note($"CPU {cpu}: residual {first.Residual(cpu) * 1e6:0.000} us, changed by {residual * 1e6:0.000} us in {elapsed.Middle:0.000} s");
            Math.Abs(residual / elapsed.Middle).ShouldBeLessThanOrEqualTo(Tolerance.ResidualPerSecond);
            Agree($"CPU {cpu}, sum of states", second.CpuSum(cpu) - first.CpuSum(cpu), elapsed, Tolerance.ResidualPerSecond);
        }
    }

    [Fact]
    public async Task Steal_WhileAllCpusAreBusy_IsTheGuestsStealClock()
    {
        const double Tick = 0.01; // what /proc/stat counts in
        Assert.SkipUnless((await Agent.ScrapeAsync()).All("observe_host_info", ("steal", "known")).Any(), "this machine's kernel or hypervisor has no steal clock");
        await using var group = TestCgroup.Create("stolen");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(12, 3, 60)), "--threads", Bed.Text(Bed.Cpus));
        var (first, before) = (await Agent.ScrapeAsync(), StolenFromCpus());
        await Pass(Bed.Seconds(10, 2, 55));
        var (second, after) = (await Agent.ScrapeAsync(), StolenFromCpus());

        double Of(Scrape scrape, string metric) => scrape.Sum(metric, ("state", "steal"));
        var truth = after - before;
        var byWorkload = Of(second, "observe_thread_time_seconds_total") - Of(first, "observe_thread_time_seconds_total");
        var byCpu = Of(second, "observe_cpu_time_seconds_total") - Of(first, "observe_cpu_time_seconds_total");
        // Half a tick each CPU and reading, in the mean; both readings are some ms apart.
        var ticks = Bed.Cpus * 2 * Tick;
        Note($"stolen from {Bed.Cpus} CPUs {truth:0.00}, by CPU {byCpu:0.000000}, by workload {byWorkload:0.000000} s");
        Agree("steal by CPU", byCpu, new Interval(Math.Max(0, truth - ticks), truth + ticks), 0.01);
        Agree("steal by workload", byWorkload, new Interval(Math.Max(0, truth - ticks), truth + ticks), 0.01);
    }

    /// <summary>The kernel's own account of what the hypervisor took, seconds, over all CPUs: /proc/stat, field 8.</summary>
    private static double StolenFromCpus() => File.ReadLines("/proc/stat").Where(line => line.StartsWith("cpu", StringComparison.Ordinal) && char.IsAsciiDigit(line[3]))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[8], System.Globalization.CultureInfo.InvariantCulture) * 0.01);

    [Fact]
    public async Task CpuRunning_AllWorkloads_IsTheSumOfTheirRunning()
    {
        await Agent.ScrapeAsync(); // the last that is seen of what earlier tests removed
        var first = await Agent.ScrapeAsync();
        await using var group = TestCgroup.Create("sum");
        await using var load = await Load.StartAsync(group, "spin", "2", "--threads", "3");
        await load.EndAsync();
        var second = await Agent.ScrapeAsync();

        double OfCpus(string state) => second.Sum("observe_cpu_time_seconds_total", ("state", state)) - first.Sum("observe_cpu_time_seconds_total", ("state", state));
        // A workload that is gone in the second was at its end in the first.
        double OfWorkloads(string state) => second.All("observe_thread_time_seconds_total", ("state", state)).Sum(later => later.Value - (first.Same(later)?.Value ?? 0));
        // One scrape, one moment. What is idle's of interrupts and steal is no workload's.
        Agree("running of all workloads", OfWorkloads("running"), OfCpus("running"), Math.Max(1e-6 * OfCpus("running"), Tolerance.Reading), 1);
        OfWorkloads("steal").ShouldBeLessThanOrEqualTo(OfCpus("steal") + 1e-6);
    }
}
