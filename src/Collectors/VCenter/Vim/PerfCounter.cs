namespace Observe.Collectors.VCenter.Vim;

/// <summary>A performance counter, as the server numbers it.</summary>
/// <param name="Id">The server's number: differs from one to the next.</param>
/// <param name="Name"><c>cpu.ready.summation</c>: group, name, roll-up.</param>
/// <param name="Unit"><c>millisecond</c>, <c>percent</c> (of which 100 make one), <c>kiloBytes</c>, <c>megaHertz</c>.</param>
/// <param name="Kind"><c>absolute</c>, <c>delta</c> or <c>rate</c>.</param>
internal sealed record PerfCounter(int Id, string Name, string Unit, string Kind);
