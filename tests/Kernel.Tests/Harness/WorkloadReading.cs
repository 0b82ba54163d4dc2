namespace Observe.Kernel.Tests.Harness;

/// <summary>One workload's account in one scrape. Times in seconds.</summary>
internal sealed class WorkloadReading
{
    public WorkloadReading(Scrape scrape, string? id)
    {
        if (id is null)
            return;
        foreach (var sample in scrape.All("observe_thread_time_seconds_total", ("workload_id", id)))
            Times[sample.Labels["state"]] = sample.Value;
        WaitCount = scrape.Sum("observe_runqueue_wait_seconds_count", ("workload_id", id));
        WaitSum = scrape.Sum("observe_runqueue_wait_seconds_sum", ("workload_id", id));
        SpellCount = scrape.Sum("observe_throttle_seconds_count", ("workload_id", id));
        SpellSum = scrape.Sum("observe_throttle_seconds_sum", ("workload_id", id));
        Switches = scrape.Sum("observe_context_switches_total", ("workload_id", id));
        Threads = scrape.Sum("observe_threads", ("workload_id", id));
    }

    private WorkloadReading()
    {
    }

    public Dictionary<string, double> Times { get; private init; } = [];

    public double WaitCount { get; private init; }

    public double WaitSum { get; private init; }

    public double SpellCount { get; private init; }

    public double SpellSum { get; private init; }

    public double Switches { get; private init; }

    public double Threads { get; private init; }

    public double Running => this["running"];

    public double Waiting => this["waiting"];

    public double Throttled => this["throttled"];

    public double Blocked => this["blocked"];

    public double Sleeping => this["sleeping"];

    /// <summary>Running, with what interrupts and the hypervisor took of it.</summary>
    public double OnCpu => Running + this["irq"] + this["steal"];

    /// <summary>All states.</summary>
    public double Total => Times.Values.Sum();

    /// <summary>Time in a state; 0 where the kernel cannot tell it.</summary>
    public double this[string state] => Times.GetValueOrDefault(state);

    /// <summary>
    /// Every coming to a CPU, which is counted as a wait, ended in a leaving; but a process that joins a cgroup while it
    /// runs came to its CPU elsewhere.
    /// </summary>
    /// <param name="unseen">Comings and goings that the hook was not run for, by its own count: each may be missing here.</param>
    public void ShouldHaveLeftAsOftenAsItCame(double unseen = 0) => (Switches - WaitCount).ShouldBeInRange(-unseen, 1 + unseen);

    /// <summary>What was added since an earlier reading. Threads is the later count.</summary>
    public static WorkloadReading operator -(WorkloadReading later, WorkloadReading earlier) => new()
    {
        Times = later.Times.ToDictionary(pair => pair.Key, pair => pair.Value - earlier[pair.Key]),
        WaitCount = later.WaitCount - earlier.WaitCount,
        WaitSum = later.WaitSum - earlier.WaitSum,
        SpellCount = later.SpellCount - earlier.SpellCount,
        SpellSum = later.SpellSum - earlier.SpellSum,
        Switches = later.Switches - earlier.Switches,
        Threads = later.Threads,
    };

    public override string ToString() =>
        $"{string.Join(' ', Times.Select(pair => $"{pair.Key} {pair.Value:0.000000}"))} s; waits {WaitCount} of {WaitSum:0.000000} s; spells {SpellCount} of {SpellSum:0.000000} s";
}
