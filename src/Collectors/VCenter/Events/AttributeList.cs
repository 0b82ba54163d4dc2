namespace Observe.Collectors.VCenter.Events;

/// <summary>An event's attributes, under OpenTelemetry names; what is not known is left out.</summary>
/// <param name="vcenter">The vCenter's name.</param>
/// <param name="instanceUuid">Which it is; empty on ESXi hosts.</param>
internal sealed class AttributeList(string vcenter, string instanceUuid)
{
    private readonly List<KeyValuePair<string, string>> attributes =
        instanceUuid.Length > 0 ? [new("vcenter", vcenter), new("vcenter.instance_uuid", instanceUuid)] : [new("vcenter", vcenter)];

    /// <summary>What is in it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes => attributes;

    /// <summary>Adds one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null or empty: not known.</param>
    public void Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            attributes.Add(new(name, value));
    }
}
