using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Live.Ledger;

/// <summary>The states that time is shown in: those of threads, then those of vCPUs.</summary>
public static class LiveStates
{
    /// <summary>Values of the <c>state</c> label of <c>observe_thread_time_seconds_total</c>, in the order in which they are drawn.</summary>
    public static readonly string[] Threads = ["running", "irq", "steal", "waiting", "throttled", "blocked", "sleeping"];

    /// <summary>Values of the <c>state</c> label of <c>observe_vcpu_time_seconds_total</c>, in the order in which they are drawn.</summary>
    public static readonly string[] Vcpus = ["guest", "exit", "halt_poll", "userspace", "waiting", "throttled", "blocked", "sleeping"];

    /// <summary>Names of all, vCPUs' with <c>vcpu_</c> before them.</summary>
    public static readonly string[] All = [.. Threads, .. Vcpus.Select(each => $"vcpu_{each}")];

    /// <summary>Number of all states.</summary>
    public static int Count => All.Length;

    /// <summary>Place of what a thread is doing on a CPU.</summary>
    public const int Running = 0;

    /// <summary>Place of waiting for a CPU.</summary>
    public const int Waiting = 3;

    /// <summary>Place of being kept off by a quota.</summary>
    public const int Throttled = 4;

    /// <summary>Place of uninterruptible sleep.</summary>
    public const int Blocked = 5;

    /// <summary>Place of sleep.</summary>
    public const int Sleeping = 6;

    /// <summary>Which state a series is of.</summary>
    /// <param name="series">A series of <see cref="MetricCatalog.ThreadTime"/> or <see cref="MetricCatalog.VcpuTime"/>.</param>
    /// <returns>Its place among all states; negative if it is not shown.</returns>
    public static int PlaceOf(Series series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var isOfThreads = ReferenceEquals(series.Metric, MetricCatalog.ThreadTime);
        var place = Array.IndexOf(isOfThreads ? Threads : Vcpus, series.Labels[^1].Value);
        return place < 0 || isOfThreads ? place : Threads.Length + place;
    }
}
