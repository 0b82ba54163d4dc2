using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>What a round works with.</summary>
/// <param name="Session">The session with the vCenter.</param>
/// <param name="Options">What is wanted, and how hard it is asked for.</param>
/// <param name="Accounts">Whose samples.</param>
/// <param name="Times">When samples were.</param>
/// <param name="Size">How much in a request.</param>
/// <param name="Totals">Where it is counted.</param>
/// <param name="Queue">Where samples wait to be pushed.</param>
/// <param name="Time">The clock.</param>
internal sealed record PerformanceParts(
    IVCenterSession Session, PerformanceOptions Options, PerformanceAccounts Accounts, SampleTimes Times, BatchSize Size, PerformanceTotals Totals, SampleQueue Queue, TimeProvider Time);
