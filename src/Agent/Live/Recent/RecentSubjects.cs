using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;

namespace Observe.Agent.Live.Recent;

/// <summary>Finds out what something happened to.</summary>
/// <param name="registry">Who knows containers by their ids.</param>
public sealed class RecentSubjects(WorkloadRegistry registry)
{
    /// <summary>Characters of a container's id as its workload has it: what is told before that is known is in the same lane.</summary>
    private const int ShortId = 12;

    private static readonly LiveSubject Host = new("host", "", "this host");

    /// <summary>Of a stall.</summary>
    /// <param name="stall">The stall.</param>
    public static LiveSubject Of(Stall stall)
    {
        ArgumentNullException.ThrowIfNull(stall);
        return Of(stall.Workload.Labels);
    }

    /// <summary>Of anything else.</summary>
    /// <param name="subject">Who it is said to be about; null if about no workload.</param>
    /// <param name="attributes">What is said of it.</param>
    public LiveSubject Of(IdentitySubject? subject, IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        if ((subject is { Kind: WorkloadKind.Container } of ? of.Id : Find("container.id")) is { } container)
            return registry.LabelsOfContainer(container) is { } labels ? Of(labels) : new LiveSubject("container", Short(container), Find("container.name") ?? Short(container));
        if ((subject is { Kind: WorkloadKind.Pod } pod ? pod.Id : Find("k8s.pod.uid")) is { } uid)
            return new LiveSubject("pod", uid, Find("k8s.pod.name") ?? uid);
        if (Find("vcenter.vm.name") is { } vm)
            return new LiveSubject("vcenter.vm", vm, vm);
        if (Find("vcenter.host.name") is { } esx)
            return new LiveSubject("vcenter.host", esx, esx);
        return Find("vcenter.name") is { } vcenter ? new LiveSubject("vcenter", vcenter, vcenter) : Host;

        string? Find(string name) => attributes.FirstOrDefault(each => each.Key == name).Value;
    }

    private static string Short(string id) => id.Length <= ShortId ? id : id[..ShortId];

    private static LiveSubject Of(WorkloadLabels labels) => new(labels.Kind.ToLabel(), labels.Id, labels.Name);
}
