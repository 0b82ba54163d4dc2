using System.Runtime.CompilerServices;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// Encodes the <c>resource</c> field of ResourceMetrics, once per resource and for as long as it lives. Thread-safe.
/// Receivers that derive series identity from <c>service.name</c> and <c>service.instance.id</c> (Prometheus: <c>job</c> and
/// <c>instance</c>) would fold all workloads into one series and reject the rest as duplicates if they were missing; a workload that does
/// not bring them gets its own name and its id, qualified by the host where that is known; what a vCenter manages, what tells it from
/// all else: the values of its labels.
/// </summary>
internal sealed class ResourceEncoder(OtlpEncoderOptions options)
{
    private const string ServiceName = "service.name";
    private const string ServiceInstanceId = "service.instance.id";
    private readonly ConditionalWeakTable<Resource, byte[]> known = [];

    /// <summary>What stands on the wire.</summary>
    // Asked for each series of samples: what is known costs no delegate.
    public byte[] Encode(Resource resource) => known.TryGetValue(resource, out var encoded) ? encoded : known.GetValue(resource, EncodeNew);

    private byte[] EncodeNew(Resource resource)
    {
        var buffer = new ProtobufBuffer();
        var message = buffer.Begin(OtlpFields.ResourceMetricsResource);
        foreach (var (key, value) in Attributes(resource))
            AttributeEncoder.Write(buffer, OtlpFields.ResourceAttributes, key, value);
        buffer.End(message);
        return buffer.Slice(0, buffer.Length).ToArray();
    }

    private Dictionary<string, string> Attributes(Resource resource)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in resource.Attributes)
            merged[key] = value;
        var id = Label(resource, "workload_id");
        foreach (var (key, value) in options.CommonAttributes)
        {
            if (resource.Labels.Count == 0 || !key.StartsWith("service.", StringComparison.Ordinal))
                merged.TryAdd(key, value);
        }
        if (resource.Labels.Count == 0)
            AddAgentIdentity(merged);
        else if (id is null)
            AddIdentity(merged, resource.Labels);
        else
            AddWorkloadIdentity(merged, Label(resource, "workload") ?? id, id);
        return merged;
    }

    private void AddAgentIdentity(Dictionary<string, string> merged)
    {
        if (options.ServiceName is { } name)
            merged[ServiceName] = name;
        merged.TryAdd(ServiceName, OtlpEncoderOptions.ScopeName);
        if (Host(merged) is { } host)
            merged.TryAdd(ServiceInstanceId, host);
    }

    private static void AddIdentity(Dictionary<string, string> merged, IReadOnlyList<Label> labels)
    {
        merged.TryAdd(ServiceName, OtlpEncoderOptions.ScopeName);
        merged.TryAdd(ServiceInstanceId, string.Join('/', labels.Select(label => label.Value)));
    }

    private static void AddWorkloadIdentity(Dictionary<string, string> merged, string name, string id)
    {
        merged.TryAdd(ServiceName, name);
        merged.TryAdd(ServiceInstanceId, Host(merged) is { } host ? $"{host}/{id}" : id);
    }

    private static string? Host(Dictionary<string, string> merged) => merged.GetValueOrDefault("host.id") ?? merged.GetValueOrDefault("host.name");

    private static string? Label(Resource resource, string name)
    {
        foreach (var label in resource.Labels)
        {
            if (label.Name == name)
                return label.Value;
        }
        return null;
    }
}
