namespace Observe.Collectors.Migrations;

/// <summary>What a blackout was noticed by.</summary>
public enum BlackoutSign
{
    /// <summary>CLOCK_MONOTONIC went on, and no CPU did anything: the hypervisor let the clock run, or made up for it.</summary>
    Late,

    /// <summary>CLOCK_MONOTONIC stood still, and the kernel was told for how long: CLOCK_BOOTTIME went on.</summary>
    Suspended,

    /// <summary>CLOCK_MONOTONIC stood still, and the kernel was not told: CLOCK_REALTIME was set forward afterwards. By itself that proves nothing.</summary>
    Stepped,
}
