namespace Observe.Kernel.Tests.Harness;

/// <summary>
/// What counts as equal, in one place. The host's values are those of the acceptance criteria. Under emulation a
/// processor stops for milliseconds whenever the host gives its thread no CPU, so that two readings of what is meant to be
/// one moment (a clock and a counter, the kernel's counter and ours) are further apart: relative to runs of seconds that
/// is some percent. What is exact by construction (counts, identities within one scrape) is not widened.
/// </summary>
internal static class Tolerance
{
    /// <summary>Seconds of residual a second of elapsed time may add: 1 us; under emulation the clocks are read further apart.</summary>
    public static double ResidualPerSecond => Bed.InVm ? 200e-6 : 1e-6;

    /// <summary>
    /// Seconds from the moment that a scrape is of until the last account is read. A thread that is switched meanwhile is early or
    /// late by as much, in that scrape alone, where no counter goes back. Under emulation the reader may be stopped in between.
    /// </summary>
    public static double Reading => Bed.InVm ? 0.02 : 1e-6;

    /// <summary>States of a thread against its lifetime.</summary>
    public static double Lifetime => 0.0001;

    /// <summary>Running against the cgroup's usage.</summary>
    public static double Usage => Bed.InVm ? Emulated : 0.005;

    /// <summary>Waiting and throttled against run_delay.</summary>
    public static double Waiting => Bed.InVm ? Emulated : 0.005;

    /// <summary>Throttled against the kernel's own.</summary>
    public static double Throttled => Bed.InVm ? Emulated : 0.01;

    /// <summary>Running of either cgroup when a thread moves from one to the other while it runs.</summary>
    public static double Moved => Bed.InVm ? Emulated : 0.02;

    /// <summary>What is still open.</summary>
    public static double Open => Bed.InVm ? Emulated : 0.01;

    /// <summary>Two clocks read at what is meant to be one moment, over runs of two to six seconds.</summary>
    private const double Emulated = 0.1;
}
