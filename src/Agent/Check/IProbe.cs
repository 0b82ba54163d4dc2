using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>One thing that <c>observe check</c> looks at.</summary>
public interface IProbe
{
    /// <summary>Looks. Says what it found as rows rather than throwing; changes nothing on the host.</summary>
    /// <param name="cancellationToken">Cancelled when the check takes too long.</param>
    /// <returns>One row for each part looked at; each that is not well has a remedy.</returns>
    ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken);
}
