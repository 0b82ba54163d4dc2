using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm;

/// <summary>The <c>vm</c> labels in use. Two virtual machines of one workload may be called the same: the later one gets a number.</summary>
internal sealed class VmNames
{
    private readonly HashSet<(Resource, string)> taken = [];

    /// <summary>Takes a name.</summary>
    /// <param name="resource">The workload's.</param>
    /// <param name="name">What the machine is called.</param>
    /// <returns>The name, or one like it that is free.</returns>
    public string Take(Resource resource, string name)
    {
        var unique = name;
        for (var number = 2; !taken.Add((resource, unique)); number++)
            unique = $"{name}#{number}";
        return unique;
    }

    /// <summary>Gives a name back.</summary>
    /// <param name="resource">The workload's.</param>
    /// <param name="name">As it was taken.</param>
    public void Free(Resource resource, string name) => taken.Remove((resource, name));
}
