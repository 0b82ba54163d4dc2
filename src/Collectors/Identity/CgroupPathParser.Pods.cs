namespace Observe.Collectors.Identity;

public static partial class CgroupPathParser
{
    private const string PodmanPodPrefix = "libpod_pod_";

    private static bool TryPod(ReadOnlySpan<char> component, ReadOnlySpan<char> parent, bool inKubepods, out Found found)
    {
        if (component.EndsWith(".slice", StringComparison.Ordinal) && PodUidOfSlice(component) is var uid && !uid.Equals(default))
            return Accept(new Found(CgroupForm.Pod, uid, null, uid), out found);
        if (inKubepods && component.StartsWith("pod", StringComparison.Ordinal) && IsPodUid(component[3..]))
            return Accept(new Found(CgroupForm.Pod, 3..component.Length, null, 3..component.Length), out found);
        return TryPodmanPod(component, parent, out found);
    }

    /// <summary>
    /// The uid in <c>kubepods-burstable-pod0a1b_..._.slice</c>, with or without a parent before it (kind: <c>kubelet-kubepods-...</c>)
    /// and a runtime behind it (<c>...slice:cri-containerd:</c>); default if there is none.
    /// </summary>
    private static Range PodUidOfSlice(ReadOnlySpan<char> slice)
    {
        var end = slice.IndexOf(".slice", StringComparison.Ordinal);
        var root = slice.IndexOf("kubepods", StringComparison.Ordinal);
        if (root < 0 || end < root)
            return default;
        var pod = slice[root..end].IndexOf("-pod", StringComparison.Ordinal);
        var start = root + pod + "-pod".Length;
        return pod >= 0 && IsPodUid(slice[start..end]) ? start..end : default;
    }

    // A pod from the API server has a UUID; a static pod the hexadecimal MD5 of its manifest, or whatever uid its manifest gives.
    private static bool IsPodUid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 63)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }
        return true;
    }

    private static bool TryPodmanPod(ReadOnlySpan<char> component, ReadOnlySpan<char> parent, out Found found)
    {
        // systemd: machine-libpod_pod_<id>.slice, rootless user-libpod_pod_<id>.slice; cgroupfs: libpod_parent/<id>, whose containers are libpod-<id>.
        var prefix = component.IndexOf(PodmanPodPrefix, StringComparison.Ordinal);
        var start = prefix < 0 ? 0 : prefix + PodmanPodPrefix.Length;
        var end = component.EndsWith(".slice", StringComparison.Ordinal) ? component.Length - ".slice".Length : component.Length;
        return (prefix >= 0 || parent is "libpod_parent") && end - start == ContainerIdLength && IsLowerHex(component[start..end])
            ? Accept(new Found(CgroupForm.RandomId, start..end, "podman"), out found)
            : Reject(out found);
    }
}
