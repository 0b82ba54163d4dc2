using Observe.Agent.Tests.Incidents.Acts;

namespace Observe.Agent.Tests.Incidents;

/// <summary>What the script did, and when.</summary>
/// <param name="HostUuid">Which virtual machine it was done in.</param>
/// <param name="VCenterUuid">Which vCenter told of it.</param>
/// <param name="Quota">A container that used up its CPU quota.</param>
/// <param name="Neighbour">A container that another one kept waiting.</param>
/// <param name="Migration">The virtual machine's move.</param>
/// <param name="Want">A container that had too little memory.</param>
/// <param name="IsShielded">Whether others left it the CPUs that it wanted.</param>
internal sealed record IncidentTruth(string HostUuid, string VCenterUuid, QuotaTruth Quota, NeighbourTruth Neighbour, MigrationTruth Migration, WantTruth Want, bool IsShielded);
