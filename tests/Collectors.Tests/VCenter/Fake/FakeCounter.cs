namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A performance counter of the fake.</summary>
/// <param name="Id">Number, of this vCenter only.</param>
/// <param name="Group"><c>cpu</c>.</param>
/// <param name="Name"><c>ready</c>.</param>
/// <param name="Rollup"><c>summation</c>.</param>
/// <param name="Unit"><c>millisecond</c>.</param>
/// <param name="Kind"><c>delta</c>.</param>
/// <param name="Level">From which level of statistics on it is kept.</param>
internal sealed record FakeCounter(int Id, string Group, string Name, string Rollup, string Unit, string Kind, int Level)
{
    public string FullName => $"{Group}.{Name}.{Rollup}";
}
