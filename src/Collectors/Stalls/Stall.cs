using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Stalls;

/// <summary>
/// A thread that was kept from running for longer than a threshold, as the kernel told of it when it was over. In the timeline it stands
/// at its end, under the name <c>stall.wait</c> and so on.
/// </summary>
/// <param name="Kind">What kept it.</param>
/// <param name="Workload">Whose thread.</param>
/// <param name="Begin">Since when.</param>
/// <param name="End">Until when.</param>
/// <param name="Thread">Which.</param>
/// <param name="Cpu">Where it ran afterwards.</param>
/// <param name="Culprits">Of a wait: who ran instead, the longest first; of anything else empty.</param>
/// <param name="Attributes">More of it, under OpenTelemetry attribute names: an exit's reason.</param>
public sealed record Stall(
    StallKind Kind, Workload Workload, UtcInterval Begin, UtcInterval End, StalledThread Thread, int Cpu, IReadOnlyList<Culprit> Culprits,
    IReadOnlyList<KeyValuePair<string, string>> Attributes)
    : ObservedEvent(NameOf(Kind), null, Attributes)
{
    /// <summary>How long it was, by the kernel's clock, ns.</summary>
    public required long Nanoseconds { get; init; }

    private static string NameOf(StallKind kind) => kind switch
    {
        StallKind.Wait => "stall.wait",
        StallKind.Throttle => "stall.throttle",
        StallKind.Blocked => "stall.blocked",
        StallKind.Exit => "stall.exit",
        StallKind.Stopped => "stall.stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of stall"),
    };
}
