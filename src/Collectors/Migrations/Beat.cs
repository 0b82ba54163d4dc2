namespace Observe.Collectors.Migrations;

/// <summary>A turn of the pulse, and what the kernel says of the thread at that moment. Times in ns, the first two on CLOCK_MONOTONIC.</summary>
/// <param name="Due">When it was to wake up.</param>
/// <param name="Woke">When it ran.</param>
/// <param name="Suspended">How long the machine has been suspended since it was started.</param>
/// <param name="Waited">How long the thread has stood in run queues so far.</param>
/// <param name="Turns">How often it has been given a CPU so far.</param>
internal readonly record struct Beat(long Due, long Woke, long Suspended, long Waited, long Turns);
