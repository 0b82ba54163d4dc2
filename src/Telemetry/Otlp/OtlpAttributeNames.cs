using System.Collections.Frozen;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// OTLP attribute keys of metric labels. The rule of the house is that a label is the attribute with dots turned into
/// underscores; as underscores cannot be turned back, the few attributes that have dots are listed here and every
/// other label keeps its name.
/// </summary>
public static class OtlpAttributeNames
{
    private static readonly FrozenDictionary<string, string> Dotted = new[]
    {
        "culprit.id", "culprit.kind",
        "container.id", "container.name",
        "k8s.container.name", "k8s.namespace.name", "k8s.node.name", "k8s.pod.name", "k8s.pod.uid",
        "host.id", "host.name",
        "service.name",
        "vcenter.datacenter.name", "vcenter.cluster.name", "vcenter.host.name", "vcenter.vm.name", "vcenter.vm.id",
        "vcenter.resource_pool.inventory_path", "vcenter.virtual_app.inventory_path",
        "workload.id", "workload.kind",
    }.ToFrozenDictionary(ToLabel, StringComparer.Ordinal);

    /// <summary>The attribute key of a label.</summary>
    /// <param name="label">Prometheus label name.</param>
    public static string OfLabel(string label) => Dotted.GetValueOrDefault(label, label);

    /// <summary>The label of an attribute key: the key with dots turned into underscores.</summary>
    /// <param name="attribute">OpenTelemetry attribute key.</param>
    public static string ToLabel(string attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return attribute.Replace('.', '_');
    }
}
