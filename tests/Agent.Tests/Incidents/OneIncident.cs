namespace Observe.Agent.Tests.Incidents;

/// <summary>Tests of one incident, which is played once. It has the machine to itself: what others take of its CPUs would be told of, too.</summary>
[CollectionDefinition(nameof(OneIncident), DisableParallelization = true)]
public class OneIncident : ICollectionFixture<IncidentRun>;
