namespace Observe.Collectors.Migrations;

/// <summary>A turn of the pulse, and what the kernel says of the thread. Times in ns, the first two on CLOCK_MONOTONIC.</summary>
/// <param name="Due">When it was to wake up.</param>
/// <param name="Woke">When it ran.</param>
/// <param name="Waited">How long it stood in a run queue before it ran.</param>
/// <param name="Turns">How often it has left its CPU since the turn before: once, to sleep.</param>
internal readonly record struct Beat(long Due, long Woke, long Waited, long Turns);
