using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.BrokenHost;

/// <summary>What is said about a host on which the ledger cannot run.</summary>
/// <param name="Host">What it lacks.</param>
/// <param name="Cause">One line, in the row of the ledger, the log and /readyz.</param>
/// <param name="Remedy">One line beside it.</param>
public sealed record Expected(HostWithout Host, string Cause, string Remedy)
{
    /// <summary>The row of <c>check</c> for what is missing itself, where there is one beside the ledger's.</summary>
    public (string Component, string Detail, string Remedy)? Row { get; init; }
}
