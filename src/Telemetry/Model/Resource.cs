namespace Observe.Telemetry.Model;

/// <summary>
/// The thing that series belong to: a workload, or the host. In OTLP it is the Resource; in Prometheus its
/// <see cref="Labels"/> stand on every series and the rest of its attributes on the info metric only.
/// Compared by reference: one instance per identity, made by who knows the identity, never per scrape.
/// </summary>
/// <param name="attributes">Full identity under OpenTelemetry attribute names (<c>container.id</c>, <c>k8s.pod.name</c>).</param>
/// <param name="labels">The few Prometheus labels that every series of this resource carries.</param>
public sealed class Resource(IReadOnlyList<KeyValuePair<string, string>> attributes, IReadOnlyList<Label> labels)
{
    /// <summary>Full identity under OpenTelemetry attribute names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; } = attributes;

    /// <summary>Prometheus labels that every series of this resource carries, in order.</summary>
    public IReadOnlyList<Label> Labels { get; } = Checked(labels);

    /// <summary><see cref="Labels"/> as each Prometheus writer wrote them first; filled lazily by the writers.</summary>
    internal EncodedLabels EncodedLabels { get; } = new();

    private static IReadOnlyList<Label> Checked(IReadOnlyList<Label> labels)
    {
        LabelNames.Check("the resource", labels);
        return labels;
    }
}
