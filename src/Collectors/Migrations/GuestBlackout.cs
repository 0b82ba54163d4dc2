using Observe.Collectors.Events;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>This machine stood still, all of it, as it found out afterwards. In the timeline it stands at its end, under the name <c>guest.blackout</c>.</summary>
/// <param name="Sign">What it was noticed by. <see cref="BlackoutSign.Stepped"/> alone proves nothing: begin and end are the moment of the step then.</param>
/// <param name="Begin">Since when.</param>
/// <param name="End">Until when.</param>
public sealed record GuestBlackout(BlackoutSign Sign, UtcInterval Begin, UtcInterval End) : ObservedEvent(Sign == BlackoutSign.Stepped ? "guest.clock_step" : "guest.blackout", null, [])
{
    /// <summary>How long it was at least, by what did not stand still, ns.</summary>
    public required long Nanoseconds { get; init; }
}
