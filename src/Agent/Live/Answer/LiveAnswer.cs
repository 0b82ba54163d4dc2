using Observe.Collectors;

namespace Observe.Agent.Live.Answer;

/// <summary>What <c>/live</c> answers. Moments are ms since the Unix epoch, by the wall clock of this host.</summary>
/// <param name="Agent">Who answers.</param>
/// <param name="Now">When.</param>
/// <param name="Cursor">What the next question says it has seen.</param>
/// <param name="Ready">Whether the agent does what it is there for.</param>
/// <param name="Notes">What cannot be shown, and why.</param>
/// <param name="Health">How each part fares.</param>
/// <param name="Clocks">How well clocks are known.</param>
/// <param name="States">The states that rows are about, in their order.</param>
/// <param name="Workloads">Those whom rows are about.</param>
/// <param name="Latest">The last interval.</param>
/// <param name="History">Intervals that have not been seen, the oldest first.</param>
/// <param name="Subjects">Those whom events are about.</param>
/// <param name="Events">Events that have not been seen, or have changed since.</param>
public sealed record LiveAnswer(
    LiveAgent Agent, double Now, long Cursor, bool Ready, IReadOnlyList<string> Notes, IReadOnlyList<ComponentStatus> Health, IReadOnlyList<ClockQuality> Clocks,
    IReadOnlyList<string> States, IReadOnlyList<LiveName> Workloads, LiveInterval Latest, IReadOnlyList<LiveInterval> History, IReadOnlyList<LiveName> Subjects,
    IReadOnlyList<LiveEvent> Events);
